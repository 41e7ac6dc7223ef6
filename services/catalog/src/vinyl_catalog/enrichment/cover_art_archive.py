"""The Cover Art Archive: the pictures of a release group, by MusicBrainz' id."""

import msgspec

from vinyl_catalog.domain.answers import Found
from vinyl_catalog.domain.matching import Candidate, Subject
from vinyl_catalog.domain.source_budgets import Allowance
from vinyl_catalog.domain.sourced import FoundImage
from vinyl_catalog.domain.sources import Field
from vinyl_catalog.enrichment import texts
from vinyl_catalog.enrichment.musicbrainz import PAGES
from vinyl_catalog.enrichment.reading import Known, each_as
from vinyl_catalog.enrichment.transport import Transport

ALLOWANCE = Allowance(2, 1.0)
# It answers by sending on to where the Internet Archive keeps the list.
HOSTS = ("archive.org", "coverartarchive.org")
_MOST_IMAGES = 10
# The largest that is ready made, by its longer side, is enough for a screen.
_SIZES = ("1200", "large", "500")


class _CoverImage(msgspec.Struct, frozen=True):
    image: str | None = None
    front: bool | None = None
    back: bool | None = None
    approved: bool | None = None
    thumbnails: dict[str, str | None] | None = None


class _Covers(msgspec.Struct, frozen=True):
    images: list[msgspec.Raw] | None = None
    release: str | None = None


class CoverArtArchive:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def find(self, subject: Subject, known: Known) -> list[Candidate]:
        if known.musicbrainz_id is None:
            return []
        page = f"{PAGES}/release-group/{known.musicbrainz_id}"
        return [Candidate(known.musicbrainz_id, subject.name, subject.artist, url=page, linked=True)]

    async def read(self, _subject: Subject, foreign_id: str) -> Found:
        said = await self._transport.get(f"/release-group/{foreign_id}", _Covers)
        covers = sorted(each_as(said.images, _CoverImage), key=lambda each: (not each.front, not each.back))
        images = [found for each in covers if (found := _image(each)) is not None]
        page = texts.web_address(said.release) or f"{PAGES}/release-group/{foreign_id}"
        return Found(foreign_id, page, {Field.IMAGES: images[:_MOST_IMAGES]})


def _image(cover: _CoverImage) -> FoundImage | None:
    sizes = cover.thumbnails or {}
    chosen = next((sizes[size] for size in _SIZES if sizes.get(size)), cover.image)
    url = texts.web_address(chosen, hosts=HOSTS)
    if url is None or cover.approved is False:
        return None
    return FoundImage(url, "front" if cover.front else "back" if cover.back else "other")
