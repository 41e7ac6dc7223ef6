"""Reading the database: releases, masters, artists, search."""

from msgspec import Struct

from vinyl_devstack.sandbox.discogs.database_shapes import ArtistView, MasterView, ReleaseView, VersionView
from vinyl_devstack.sandbox.discogs.members import Members
from vinyl_devstack.sandbox.discogs.paging import Pagination
from vinyl_devstack.sandbox.discogs.refusals import must_authenticate, not_found
from vinyl_devstack.sandbox.discogs.search import Found, search
from vinyl_devstack.sandbox.discogs.visit import Visit
from vinyl_devstack.sandbox.market.catalogue import Album
from vinyl_devstack.sandbox.market.copies import Copy
from vinyl_devstack.sandbox.market.exchange import converted
from vinyl_devstack.sandbox.market.market import Market

OUT_OF_DATE = (
    0.93  # the lowest price inside a release or master is known to be wrong; only the statistics are right
)


class SearchView(Struct, frozen=True):
    pagination: Pagination
    results: list[Found]


class VersionsView(Struct, frozen=True):
    pagination: Pagination
    versions: list[VersionView]


class Database:
    def __init__(self, market: Market, members: Members) -> None:
        self._market = market
        self._members = members

    async def release(self, id_: int, visit: Visit) -> ReleaseView:
        pressing = await self._market.pressing(id_)
        if pressing is None:
            raise not_found("Release")
        copies = self._market.discogs.of_pressing(id_)
        return ReleaseView.of(pressing, visit.links, len(copies), _roughly_lowest(copies))

    async def master(self, id_: int, visit: Visit) -> MasterView:
        album = await self._master(id_)
        copies = [copy for each in album.pressings for copy in self._market.discogs.of_pressing(each.id)]
        return MasterView.of(id_, album, visit.links, len(copies), _roughly_lowest(copies))

    async def versions(self, id_: int, visit: Visit) -> VersionsView:
        page = visit.page.cut((await self._master(id_)).pressings)
        mine = self._members.stakes(visit.caller)
        return VersionsView(
            page.pagination, [VersionView.of(each, visit.links, mine(each.id)) for each in page.rows]
        )

    async def artist(self, id_: int, visit: Visit) -> ArtistView:
        if id_ not in self._market.catalogue.artists:
            await self._market.refresh()
        artist = self._market.catalogue.artists.get(id_)
        if artist is None:
            raise not_found("Artist")
        return ArtistView.of(artist, visit.links)

    async def search(self, visit: Visit) -> SearchView:
        if not visit.caller.authenticated:
            raise must_authenticate()
        page = visit.page.cut(search(self._market.catalogue, visit.query, visit.links))
        return SearchView(page.pagination, list(page.rows))

    async def _master(self, master_id: int) -> Album:
        if master_id not in self._market.catalogue.masters:
            await self._market.refresh()
        album = self._market.catalogue.masters.get(master_id)
        if album is None:
            raise not_found("Master Release")
        return album


def _roughly_lowest(copies: list[Copy]) -> float | None:
    prices = [converted(copy.price_minor, copy.shop.currency, "USD") for copy in copies]
    return min(prices) * OUT_OF_DATE if prices else None
