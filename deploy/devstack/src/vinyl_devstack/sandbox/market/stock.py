"""What is for sale now, at every shop of one provider."""

from collections.abc import Sequence

from msgspec import Struct

from vinyl_devstack.sandbox.market.catalogue import Catalogue
from vinyl_devstack.sandbox.market.clock import MarketClock
from vinyl_devstack.sandbox.market.copies import (
    IDS_PER_PLACE,
    SALES_TOLD_APART,
    TURNS_TOLD_APART,
    Copy,
    Place,
    Status,
    copy_in,
    listing_id,
    turn_at,
    turn_numbered,
)
from vinyl_devstack.sandbox.market.shelving import Shelves
from vinyl_devstack.sandbox.market.shops import Shop


class ForcedSales(Struct, frozen=True):
    """Sales made by hand within one turn of a place; `last` in trade seconds."""

    turn: int
    count: int
    last: float


class Stock:
    def __init__(self, shops: Sequence[Shop], clock: MarketClock, seed: int) -> None:
        self.shops = {shop.username.casefold(): shop for shop in shops}
        self._clock = clock
        self._seed = seed
        self._forced: dict[int, ForcedSales] = {}
        self._shelves = self.lay_out(Catalogue())
        self._seen: dict[int, tuple[float, Copy | None]] = {}

    def lay_out(self, catalogue: Catalogue) -> Shelves:
        """Takes seconds for a large catalogue and changes nothing, so it may run in a thread."""
        return Shelves(self.shops.values(), catalogue, self._seed)

    def move_to(self, shelves: Shelves) -> None:
        """Sells from these from now on; sales made by hand stay made."""
        self._shelves = shelves
        self._seen = {}

    def forget_sales(self) -> None:
        self._forced.clear()
        self._seen.clear()

    def shop(self, username: str) -> Shop | None:
        return self.shops.get(username.casefold())

    def in_shop(self, shop: Shop) -> list[Copy]:
        return self._standing(self._shelves.by_shop[shop.id])

    def of_pressing(self, release_id: int) -> list[Copy]:
        return self._standing(self._shelves.by_pressing.get(release_id, []))

    def everywhere(self) -> list[Copy]:
        return self._standing(self._shelves.all)

    def find(self, copy_id: int) -> Copy | None:
        """A copy for sale, or one of the last that were sold from its place."""
        place = self._shelves.by_key.get(copy_id // IDS_PER_PLACE)
        if place is None:
            return None
        standing = self._standing([place])
        return standing[0] if standing and standing[0].id == copy_id else self._sold(place, copy_id)

    def sell(self, copy_id: int) -> Copy | None:
        """Sells it now, or answers None where it is not for sale. A steady place gets another at once."""
        copy = self.find(copy_id)
        if copy is None or copy.status is Status.SOLD:
            return None
        now = self._clock.trade_seconds()
        turn = turn_at(copy.place, now, self._seed).number
        before = self._sales_in(copy.place, turn)
        self._forced[copy.place.key] = ForcedSales(turn, before + 1, now)
        self._seen.pop(copy.place.key, None)
        return copy

    def _standing(self, places: list[Place]) -> list[Copy]:
        now = self._clock.trade_seconds()
        copies = []
        for place in places:
            fresh_until, copy = self._seen.get(place.key, (0.0, None))
            if now >= fresh_until:
                fresh_until, copy = self._seen[place.key] = self._look(place, now)
            if copy is not None:
                copies.append(copy)
        return copies

    def _look(self, place: Place, now: float) -> tuple[float, Copy | None]:
        turn = turn_at(place, now, self._seed)
        sales = self._sales_in(place, turn.number)
        if now >= turn.sells or (sales and not place.steady):
            return turn.ends, None
        listed = self._forced[place.key].last if sales else turn.begins
        copy = copy_in(place, turn, sales, listed, now, Status.FOR_SALE, self._seed)
        return copy.fresh_until, copy

    def _sold(self, place: Place, copy_id: int) -> Copy | None:
        now = self._clock.trade_seconds()
        current = turn_at(place, now, self._seed)
        back = (current.number - copy_id % IDS_PER_PLACE // SALES_TOLD_APART) % TURNS_TOLD_APART
        turn = turn_numbered(place, current.number - back, self._seed)
        sales = copy_id % SALES_TOLD_APART
        if sales > self._sales_in(place, turn.number) or listing_id(place, turn.number, sales) != copy_id:
            return None
        return copy_in(place, turn, sales, turn.begins, turn.begins, Status.SOLD, self._seed)

    def _sales_in(self, place: Place, turn: int) -> int:
        forced = self._forced.get(place.key)
        return forced.count if forced and forced.turn == turn else 0
