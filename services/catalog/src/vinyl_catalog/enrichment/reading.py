"""What every source can do, whatever its API looks like."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

import msgspec

from vinyl_catalog.domain.answers import Found
from vinyl_catalog.domain.links import Link
from vinyl_catalog.domain.matching import Candidate, Subject

ItemT = TypeVar("ItemT")


class Known(msgspec.Struct, frozen=True):
    """What MusicBrainz said before."""

    musicbrainz_id: str | None = None
    links: tuple[Link, ...] = ()

    def addresses(self, kind: str) -> list[str]:
        return [link.url for link in self.links if link.kind == kind]


class SourceReader(Protocol):
    """Both raise SourceFault."""

    async def find(self, subject: Subject, known: Known) -> list[Candidate]:
        """The records that may be the subject, not judged yet."""

    async def read(self, subject: Subject, foreign_id: str) -> Found:
        """What the source says of one of its records. Raises NoSuchThing where there is none."""


def each_as(raws: Iterable[msgspec.Raw] | None, kind: type[ItemT]) -> Iterator[ItemT]:
    """Decoded one by one, so that an odd one costs only itself."""
    for raw in raws or ():
        try:
            yield msgspec.json.decode(raw, type=kind)
        except (msgspec.DecodeError, RecursionError):
            continue
