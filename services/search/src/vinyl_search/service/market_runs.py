"""What a run does at each market, and where in the store to look for what it found."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec
import structlog

from vinyl_chassis.clock import now
from vinyl_search.domain.provider import Provider, Urgency
from vinyl_search.domain.run import Coverage, ProviderRun, ProviderState
from vinyl_search.domain.saved_search import SavedSearch
from vinyl_search.providers.faults import NoSuchThing, ProviderFault
from vinyl_search.providers.transport import RUN_PATIENCE, Call, Patience
from vinyl_search.service.ebay_offers import EbayQuestion, EbayReading, question_about
from vinyl_search.service.inventories import InventoryReading
from vinyl_search.service.judgement import terms_of
from vinyl_search.store.sellers import key_of
from vinyl_search.store.unit_of_work import Store

MOST_SELLERS = 200
EBAY_QUESTIONS_AT_ONCE = 25
FAULTS_THAT_SUFFICE = 2
_log = structlog.get_logger("runs")
Tell = Callable[[ProviderRun], Awaitable[None]]


class Sources(msgspec.Struct, frozen=True):
    """Whose listings belong to a search, by the keys they are kept under."""

    provider: Provider
    keys: tuple[str, ...]


class MarketRun(Protocol):
    async def run(self, search: SavedSearch, urgency: Urgency, tell: Tell) -> Sources:
        """Tells of its progress, and of what went wrong, as it goes."""


class _Tally:
    """A market's part of the run as it grows."""

    def __init__(self, provider: Provider, urgency: Urgency, patience: Patience, tell: Tell) -> None:
        self.run = ProviderRun(provider, ProviderState.RUNNING)
        self.call = Call(urgency, patience, self._count)
        self._tell = tell
        self._finished, self._under_way = Coverage(), Coverage()
        self._succeeded = False
        self._faults_in_a_row = 0

    async def begin(self) -> None:
        await self._tell(self.run)

    async def grow(self, under_way: Coverage) -> None:
        self._under_way = under_way
        await self._show(self._finished.plus(under_way))

    async def add(self, finished: Coverage) -> None:
        self._finished, self._under_way = self._finished.plus(finished), Coverage()
        self._succeeded, self._faults_in_a_row = True, 0
        await self._show(self._finished)

    def miss(self, fault: ProviderFault) -> None:
        _log.warning("market_failed", provider=self.run.provider, error=fault.code, detail=str(fault))
        self._finished, self._under_way = self._finished.plus(self._under_way), Coverage()
        self._faults_in_a_row += not isinstance(fault, NoSuchThing)
        self.run = msgspec.structs.replace(self.run, error=fault.code)

    @property
    def is_hopeless(self) -> bool:
        """The market itself is away: the rest would only wait for nothing."""
        return self._faults_in_a_row >= FAULTS_THAT_SUFFICE

    async def end(self, empty: str) -> None:
        """Done where anything was read; `empty` says why there was nothing to read."""
        if self._succeeded:
            state, error = ProviderState.DONE, self.run.error
        elif self.run.error is not None:
            state, error = ProviderState.FAILED, self.run.error
        else:
            state, error = ProviderState.SKIPPED, empty
        self.run = msgspec.structs.replace(self.run, state=state, error=error)
        await self._tell(self.run)

    async def _show(self, coverage: Coverage) -> None:
        self.run = msgspec.structs.replace(self.run, coverage=coverage, listings_seen=coverage.seen)
        await self._tell(self.run)

    def _count(self) -> None:
        self.run = msgspec.structs.replace(self.run, quota_used=self.run.quota_used + 1)


class DiscogsRun:
    """Every seller whom the listener follows, one after the other."""

    def __init__(
        self, store: Store, inventories: InventoryReading, patience: Patience = RUN_PATIENCE
    ) -> None:
        self._store = store
        self._inventories = inventories
        self._patience = patience

    async def run(self, search: SavedSearch, urgency: Urgency, tell: Tell) -> Sources:
        async with self._store.begin() as unit:
            follows = await unit.sellers.list_followed(search.listener_id, None, MOST_SELLERS)
        sellers = [follow.seller for follow in follows if follow.seller.provider is Provider.DISCOGS]
        tally = _Tally(Provider.DISCOGS, urgency, self._patience, tell)
        await tally.begin()
        for seller in sellers:
            if tally.is_hopeless:
                break
            try:
                await tally.add(await self._inventories.read(seller, tally.call, tally.grow))
            except ProviderFault as fault:
                tally.miss(fault)
        await tally.end("no_sellers_followed")
        return Sources(Provider.DISCOGS, tuple(key_of(seller.username) for seller in sellers))


class EbayRun:
    """Every album that the search is about, by its name; else the search's words."""

    def __init__(self, store: Store, offers: EbayReading, patience: Patience = RUN_PATIENCE) -> None:
        self._store = store
        self._offers = offers
        self._patience = patience

    async def run(self, search: SavedSearch, urgency: Urgency, tell: Tell) -> Sources:
        questions = await self._questions(search)
        tally = _Tally(Provider.EBAY, urgency, self._patience, tell)
        await tally.begin()
        for question in _in_turn(questions):
            if tally.is_hopeless:
                break
            try:
                await tally.add(await self._offers.read(question, tally.call))
            except ProviderFault as fault:
                tally.miss(fault)
        await tally.end("nothing_to_ask")
        return Sources(Provider.EBAY, tuple(question.key for question in questions))

    async def _questions(self, search: SavedSearch) -> list[EbayQuestion]:
        criteria = search.criteria
        async with self._store.begin() as unit:
            ships_to = (await terms_of(unit, search.listener_id, criteria)).destination
            album_ids = set(criteria.album_ids or ())
            if criteria.use_wants:
                wanted = {want.album_id for want in (await unit.wishes.read_wishes(search.listener_id)).wants}
                album_ids = album_ids & wanted if criteria.album_ids is not None else wanted
            albums = sorted(await unit.albums.list_texts(album_ids), key=lambda album: album.album_id)
        if not albums and criteria.query and not criteria.use_wants and criteria.album_ids is None:
            return [EbayQuestion(criteria.query, ships_to)]
        return [question_about(album, ships_to) for album in albums]


def _in_turn(questions: list[EbayQuestion]) -> list[EbayQuestion]:
    """As many as a run may ask: with the hours, each comes to its turn."""
    if len(questions) <= EBAY_QUESTIONS_AT_ONCE:
        return questions
    first = int(now().timestamp() // 3600) * EBAY_QUESTIONS_AT_ONCE % len(questions)
    return (questions + questions)[first : first + EBAY_QUESTIONS_AT_ONCE]
