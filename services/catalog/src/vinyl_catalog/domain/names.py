"""Names that a record refers to by a source's id, looked up before it is read."""

from uuid import UUID

import msgspec

from vinyl_catalog.domain.markup import Mention


class Named(msgspec.Struct, frozen=True):
    """An artist or a label of this catalogue."""

    id: UUID
    name: str


class KnownNames(msgspec.Struct, frozen=True):
    """By Discogs' ids: what the catalogue calls the artists, labels and titles that a record refers to."""

    artists: dict[int, Named] = {}
    labels: dict[int, Named] = {}
    release_titles: dict[int, str] = {}
    master_titles: dict[int, str] = {}

    def of(self, mention: Mention) -> str | None:
        if mention.kind in ("artist", "label"):
            named = (self.artists if mention.kind == "artist" else self.labels).get(mention.discogs_id)
            return named.name if named else None
        titles = self.release_titles if mention.kind == "release" else self.master_titles
        return titles.get(mention.discogs_id)


NO_NAMES = KnownNames()
