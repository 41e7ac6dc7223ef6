"""What one listener wants and owns, and whether a copy is it."""

from collections.abc import Sequence

import msgspec

from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, ReleaseId, WantId
from vinyl_search.domain.listing import FoundListing, Match, Medium
from vinyl_search.domain.money import Amount


class Want(msgspec.Struct, frozen=True):
    """With a `release_id` it is that pressing that is wanted, else any of the album's.

    No `formats` means a record: vinyl, or a copy whose medium is not told.
    """

    id: WantId
    album_id: AlbumId
    release_id: ReleaseId | None
    max_price: Amount | None
    min_media_condition: Grade | None
    formats: tuple[str, ...]

    def names(self, match: Match, found: FoundListing) -> bool:
        if self.release_id is not None:
            return self.release_id == match.release_id
        return self.album_id == match.album_id and self._takes(found)

    def _takes(self, found: FoundListing) -> bool:
        if not self.formats:
            return found.medium in (Medium.VINYL, Medium.UNKNOWN)
        offered = {word.casefold() for word in found.format_words} | {found.medium.value}
        return any(wanted.casefold() in offered for wanted in self.formats)


class Wishes:
    def __init__(
        self,
        wants: Sequence[Want],
        owned_albums: frozenset[AlbumId] = frozenset(),
        owned_releases: frozenset[ReleaseId] = frozenset(),
    ) -> None:
        self.wants = tuple(wants)
        self._owned_albums = owned_albums
        self._owned_releases = owned_releases
        self._by_album: dict[AlbumId, list[Want]] = {}
        self._by_release: dict[ReleaseId, list[Want]] = {}
        for want in wants:
            self._by_album.setdefault(want.album_id, []).append(want)
            if want.release_id is not None:
                self._by_release.setdefault(want.release_id, []).append(want)

    def wants_for(self, match: Match, found: FoundListing) -> list[Want]:
        """The wants that this copy is one of, whatever it costs."""
        candidates: dict[WantId, Want] = {}
        if match.album_id is not None:
            candidates |= {want.id: want for want in self._by_album.get(match.album_id, ())}
        if match.release_id is not None:
            candidates |= {want.id: want for want in self._by_release.get(match.release_id, ())}
        return [want for want in candidates.values() if want.names(match, found)]

    def owns(self, match: Match) -> bool:
        return match.album_id in self._owned_albums or match.release_id in self._owned_releases
