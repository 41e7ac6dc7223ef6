"""Names that a record refers to by a source's id, looked up before it is read."""

from uuid import UUID

import msgspec

from vinyl_catalog.domain.markup import Mention


class Named(msgspec.Struct, frozen=True):
    """An artist or a label, as another one shows it."""

    id: UUID
    name: str


class KnownName(msgspec.Struct, frozen=True):
    """`is_own` where the artist or label has a record. One that is only mentioned has some spelling of those
    met, and whoever mentions it is shown with its own."""

    id: UUID
    name: str
    is_own: bool

    def called(self, mentioned: str) -> Named:
        return Named(self.id, self.name if self.is_own else mentioned)


class KnownNames(msgspec.Struct, frozen=True):
    """By Discogs' ids: what the catalogue calls the artists, labels and titles that a record refers to."""

    artists: dict[int, KnownName] = {}
    labels: dict[int, KnownName] = {}
    release_titles: dict[int, str] = {}
    master_titles: dict[int, str] = {}

    def artist(self, discogs_id: int | None, mentioned: str) -> Named | None:
        """None for a bare name, and for an artist that is not here."""
        known = self.artists.get(discogs_id) if discogs_id else None
        return known.called(mentioned) if known else None

    def label(self, discogs_id: int | None, mentioned: str) -> Named | None:
        known = self.labels.get(discogs_id) if discogs_id else None
        return known.called(mentioned) if known else None

    def of(self, mention: Mention) -> str | None:
        if mention.kind in ("artist", "label"):
            named = (self.artists if mention.kind == "artist" else self.labels).get(mention.discogs_id)
            return named.name if named else None
        titles = self.release_titles if mention.kind == "release" else self.master_titles
        return titles.get(mention.discogs_id)
