"""What other sources say, field by field, and which of it is shown.

The order of precedence, for every field: a curator's edit, the source that a curator chose, the dump, and
then the other sources in the order of the chains below.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from vinyl_catalog.domain.links import Link
from vinyl_catalog.domain.sources import COVER_CHAIN, Field, Source

DISCOGS = "https://www.discogs.com"
DUMP_LICENCE = "CC0-1.0"
# An encyclopedia's article is the better text unless it is a mere stub.
_STUB_LETTERS = 200


class Image(msgspec.Struct, frozen=True):
    url: str
    width: int | None
    height: int | None
    kind: str
    source: str
    licence: str | None


class AlbumText(msgspec.Struct, frozen=True):
    content: str
    source: str
    licence: str | None
    url: str | None


class FoundImage(msgspec.Struct, frozen=True, omit_defaults=True):
    """`kind` is "front", "back" or "other"."""

    url: str
    kind: str = "front"
    width: int | None = None
    height: int | None = None


class SourcedField(msgspec.Struct, frozen=True):
    """One field as one source said it; `value` is a list of FoundImage or of Link, or a text."""

    source: Source
    field: Field
    value: msgspec.Raw
    licence: str
    url: str | None
    fetched_at: datetime
    expires_at: datetime
    restricted: bool


class Enrichment(msgspec.Struct, frozen=True):
    """What may be shown of what the sources said; `choices` are a curator's."""

    fields: tuple[SourcedField, ...] = ()
    choices: dict[Field, Source] = {}

    def images(self) -> list[Image]:
        """All pictures of the first source of the chain that has any."""
        for source in self._ordered(Field.IMAGES, COVER_CHAIN) if self.fields else ():
            said = self._find(Field.IMAGES, source)
            if said is not None:
                found = msgspec.json.decode(said.value, type=list[FoundImage])
                return [_image(each, said) for each in found]
        return []

    def text(self, of_dump: AlbumText | None) -> AlbumText | None:
        if not self.fields:
            return of_dump
        chosen = self._text(self.choices.get(Field.TEXT))
        return chosen or of_dump or self._better_text()

    def links(self, of_dump: Iterable[Link]) -> list[Link]:
        """Everybody's, each address once."""
        links = list(of_dump)
        if len(links) < 2 and not self.fields:
            return links
        for source in Source if self.fields else ():
            said = self._find(Field.LINKS, source)
            if said is not None:
                links.extend(msgspec.json.decode(said.value, type=list[Link]))
        return list({link.url: link for link in reversed(links)}.values())[::-1]

    def musicbrainz_id(self) -> str | None:
        said = self._find(Field.MUSICBRAINZ_ID, Source.MUSICBRAINZ)
        return msgspec.json.decode(said.value, type=str) if said else None

    def shown(self) -> tuple[list[Image], AlbumText | None, list[Link], str | None]:
        """All that a reader may see of it."""
        return self.images(), self.text(None), self.links([]), self.musicbrainz_id()

    def source_of(self, field: Field, *, dump_has_it: bool) -> str | None:
        """Who is shown in the field, "dump" included; None where nobody is, or everybody."""
        if field is Field.IMAGES:
            images = self.images()
            return images[0].source if images else None
        if field is Field.TEXT:
            of_dump = AlbumText("", "dump", None, None) if dump_has_it else None
            text = self.text(of_dump)
            return text.source if text else None
        if field is Field.MUSICBRAINZ_ID and self.musicbrainz_id():
            return Source.MUSICBRAINZ
        return None

    def _better_text(self) -> AlbumText | None:
        wikipedia, apple = self._text(Source.WIKIPEDIA), self._text(Source.APPLE_MUSIC)
        if wikipedia and apple and len(wikipedia.content) < min(_STUB_LETTERS, len(apple.content)):
            return apple
        return wikipedia or apple

    def _text(self, source: Source | None) -> AlbumText | None:
        said = self._find(Field.TEXT, source) if source else None
        if said is None:
            return None
        return AlbumText(msgspec.json.decode(said.value, type=str), said.source, said.licence, said.url)

    def _ordered(self, field: Field, chain: tuple[Source, ...]) -> Iterable[Source]:
        chosen = self.choices.get(field)
        return chain if chosen is None else dict.fromkeys((chosen, *chain))

    def _find(self, field: Field, source: Source) -> SourcedField | None:
        if not self.fields:
            return None
        return next((said for said in self.fields if said.field is field and said.source is source), None)


def _image(found: FoundImage, said: SourcedField) -> Image:
    return Image(found.url, found.width, found.height, found.kind, said.source, said.licence)
