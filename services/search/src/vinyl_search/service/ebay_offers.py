"""Reading what eBay offers under albums' names: once for everybody, and shown apart."""

from collections.abc import Sequence

import msgspec

from vinyl_chassis.clock import now
from vinyl_search.domain.known import AlbumText
from vinyl_search.domain.listing import FoundListing, Match
from vinyl_search.domain.provider import Provider
from vinyl_search.domain.run import Coverage
from vinyl_search.matching.titles import match_title
from vinyl_search.matching.words import words
from vinyl_search.providers.budget import Budget
from vinyl_search.providers.ebay import Ebay
from vinyl_search.providers.transport import Call
from vinyl_search.service.repricing import reprice
from vinyl_search.service.shared_reading import SharedReading
from vinyl_search.store.unit_of_work import Store


class EbayQuestion(msgspec.Struct, frozen=True):
    """What to look for: copies of `album`, or whatever `text` finds."""

    text: str
    ships_to: str | None
    album: AlbumText | None = None

    @property
    def key(self) -> str:
        about = self.album.album_id if self.album else "text"
        return f"{about}:{' '.join(words(self.text))}:{self.ships_to or ''}"


def question_about(album: AlbumText, ships_to: str | None) -> EbayQuestion:
    return EbayQuestion(" ".join(words(f"{album.artist} {album.title}")), ships_to, album)


class EbayReading:
    """`reuse_seconds`: what was asked no longer ago is not asked again."""

    def __init__(self, store: Store, ebay: Ebay, budget: Budget, reuse_seconds: float) -> None:
        self._store = store
        self._ebay = ebay
        self._budget = budget
        self._shared = SharedReading(store, Provider.EBAY, reuse_seconds)

    async def read(self, question: EbayQuestion, call: Call) -> Coverage:
        """Raises ProviderFault."""
        return await self._shared.read_once(question.key, lambda: self._read(question, call))

    async def _read(self, question: EbayQuestion, call: Call) -> Coverage:
        async with self._budget.watched():
            return await self._read_pages(question, call)

    async def _read_pages(self, question: EbayQuestion, call: Call) -> Coverage:
        started, coverage = now(), Coverage()
        async for page in self._ebay.search(question.text, question.ships_to, call):
            async with self._store.begin() as unit:
                kept = _matched(question, page.readable)
                await reprice(unit, await unit.listings.save_all(kept, question.key, None, now()))
            coverage = Coverage(coverage.seen + page.seen, page.total)
        async with self._store.begin() as unit:
            await unit.listings.drop_unseen(Provider.EBAY, question.key, started)
            await unit.reads.complete(Provider.EBAY, question.key, now(), coverage)
        return coverage


def _matched(question: EbayQuestion, found: Sequence[FoundListing]) -> list[tuple[FoundListing, Match]]:
    """Of an album only what is taken for a copy of it."""
    if question.album is None:
        return [(each, Match()) for each in found]
    matches = [(each, match_title(each.title, question.album)) for each in found]
    return [(each, match) for each, match in matches if match is not None]
