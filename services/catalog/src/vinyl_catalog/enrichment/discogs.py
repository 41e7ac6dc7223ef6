"""Discogs' API, for the pictures that its dumps leave out. The album is known by its number."""

import httpx
import msgspec

from vinyl_catalog.domain.answers import Found
from vinyl_catalog.domain.links import discogs_record_in
from vinyl_catalog.domain.matching import Candidate, Subject
from vinyl_catalog.domain.sourced import FoundImage
from vinyl_catalog.domain.sources import Field
from vinyl_catalog.enrichment import texts
from vinyl_catalog.enrichment.reading import Known, each_as
from vinyl_catalog.enrichment.transport import Transport
from vinyl_catalog.enrichment.turns import Turns

PAGES = "https://www.discogs.com"
WINDOW_SECONDS = 60.0
_REMAINING = "X-Discogs-Ratelimit-Remaining"
_LIMIT = "X-Discogs-Ratelimit"
# Discogs counts by address: the search service at the same one needs it more.
_LEFT_TO_OTHERS = 0.5
_STAND_BACK_SECONDS = 15.0
_MOST_IMAGES = 10


class _Picture(msgspec.Struct, frozen=True):
    """`uri` is empty for whoever asks without a token."""

    type: str | None = None
    uri: str | None = None
    width: int | None = None
    height: int | None = None


class _Record(msgspec.Struct, frozen=True):
    images: list[msgspec.Raw] | None = None


class SharedAllowance:
    """Stands back where less than half of what Discogs grants this address is left."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    async def look_at(self, headers: httpx.Headers) -> None:
        limit, remaining = headers.get(_LIMIT, ""), headers.get(_REMAINING, "")
        if limit.isdecimal() and remaining.isdecimal() and int(remaining) < int(limit) * _LEFT_TO_OTHERS:
            await self._turns.hold_back(_STAND_BACK_SECONDS)


class Discogs:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def find(self, subject: Subject, known: Known) -> list[Candidate]:
        """An album that a curator made has a number where somebody links to it."""
        if subject.discogs_master_id:
            record = f"master/{subject.discogs_master_id}"
        elif subject.discogs_release_id:
            record = f"release/{subject.discogs_release_id}"
        elif linked := discogs_record_in(known.links):
            record = f"{linked.kind}/{linked.number}"
        else:
            return []
        return [Candidate(record, subject.name, subject.artist, url=f"{PAGES}/{record}", linked=True)]

    async def read(self, _subject: Subject, foreign_id: str) -> Found:
        kind, _, number = foreign_id.partition("/")
        said = await self._transport.get(f"/{kind}s/{number}", _Record)
        pictures = sorted(each_as(said.images, _Picture), key=lambda each: each.type != "primary")
        images = [found for each in pictures if (found := _image(each)) is not None]
        return Found(foreign_id, f"{PAGES}/{foreign_id}", {Field.IMAGES: images[:_MOST_IMAGES]})


def _image(picture: _Picture) -> FoundImage | None:
    url = texts.web_address(picture.uri, hosts=("discogs.com",))
    kind = "front" if picture.type == "primary" else "other"
    return FoundImage(url, kind, picture.width, picture.height) if url else None
