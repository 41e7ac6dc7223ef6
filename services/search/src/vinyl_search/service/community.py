"""Learning what members of this instance offer, and looking through it."""

from vinyl_chassis.clock import now
from vinyl_contracts.events.catalog import ProductChanged, ProductWithdrawn
from vinyl_search.domain.money import Amount
from vinyl_search.domain.provider import Provider, Urgency
from vinyl_search.domain.run import Coverage, ProviderRun, ProviderState
from vinyl_search.domain.saved_search import SavedSearch
from vinyl_search.service.market_runs import Sources, Tell
from vinyl_search.service.repricing import reprice
from vinyl_search.store.community_listings import SOURCE_KEY, CommunityCopy
from vinyl_search.store.unit_of_work import Store, UnitOfWork


class CommunityService:
    """Of two versions the higher one stays."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def learn_product(self, told: ProductChanged, version: int) -> None:
        """It is for sale where it has a price and names a record."""
        async with self._store.begin() as unit:
            if not await unit.community.is_news(told.product_id, version):
                return
            copy = await _copy_of(unit, told)
            if copy is None:
                await unit.community.remove(told.product_id)
                return
            texts = await unit.albums.list_texts([copy.album_id])
            await reprice(unit, [await unit.community.save(copy, texts[0] if texts else None, now())])

    async def forget_product(self, told: ProductWithdrawn, version: int) -> None:
        async with self._store.begin() as unit:
            if await unit.community.is_news(told.product_id, version):
                await unit.community.remove(told.product_id)


class CommunityRun:
    """All of it is here already: nobody is asked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def run(self, search: SavedSearch, urgency: Urgency, tell: Tell) -> Sources:  # noqa: ARG002 - as every market
        async with self._store.begin() as unit:
            offered = await unit.community.count()
        coverage = Coverage(offered, offered)
        await tell(ProviderRun(Provider.COMMUNITY, ProviderState.DONE, offered, coverage))
        return Sources(Provider.COMMUNITY, (SOURCE_KEY,))


async def _copy_of(unit: UnitOfWork, told: ProductChanged) -> CommunityCopy | None:
    if told.price is None or told.album_id is None:
        return None
    album_id = (await unit.albums.resolve([told.album_id])).get(told.album_id, told.album_id)
    return CommunityCopy(
        told.product_id,
        told.owner_id,
        told.title,
        album_id,
        told.release_id,
        Amount.of(told.price),
        told.media_condition,
        told.sleeve_condition,
    )
