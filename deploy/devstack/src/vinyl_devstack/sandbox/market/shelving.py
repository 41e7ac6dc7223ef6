"""Which pressings a shop keeps a place for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from vinyl_devstack.sandbox.market.catalogue import Album, Catalogue
from vinyl_devstack.sandbox.market.chance import draw, share
from vinyl_devstack.sandbox.market.copies import Place
from vinyl_devstack.sandbox.market.pressing import Pressing
from vinyl_devstack.sandbox.market.shops import Shop

KEYS = 1 << 40
MOST_PLACES = 9_000  # a stranger can read no more than 10,000 of an inventory


class Shelves:
    """Every place of some shops, found by shop, by key or by pressing."""

    def __init__(self, shops: Iterable[Shop], catalogue: Catalogue, seed: int) -> None:
        self.by_shop = {shop.id: _places_of(shop, catalogue, seed) for shop in shops}
        self.all = [place for places in self.by_shop.values() for place in places]
        self.by_key = {place.key: place for place in self.all}
        self.by_pressing: dict[int, list[Place]] = defaultdict(list)
        for place in self.all:
            self.by_pressing[place.pressing.id].append(place)


def _places_of(shop: Shop, catalogue: Catalogue, seed: int) -> list[Place]:
    """A steady place for every album where the shop guarantees that, some more, and a least number."""
    pressings = list(catalogue.pressings.values())
    steady = {
        _favourite(album, shop, seed).id for album in catalogue.albums.values() if shop.stocks_every_album
    }
    places = [
        _place(shop, each, 0, seed, steady=each.id in steady)
        for each in pressings
        if each.id in steady or share(seed, "carries", shop.id, each.id) < shop.depth
    ]
    if len(places) > MOST_PLACES:
        places = sorted(places, key=lambda place: (not place.steady, place.key))[:MOST_PLACES]
    return [*places, *_fillers(shop, pressings, sum(place.steady for place in places), seed)]


def _favourite(album: Album, shop: Shop, seed: int) -> Pressing:
    return min(
        album.pressings, key=lambda each: (not each.is_vinyl, draw(seed, "favourite", shop.id, each.id))
    )


def _fillers(shop: Shop, pressings: list[Pressing], steady: int, seed: int) -> Iterator[Place]:
    ranked = sorted(pressings, key=lambda each: draw(seed, "filler", shop.id, each.id))
    for count in range(shop.at_least - steady if ranked else 0):
        lap, which = divmod(count, len(ranked))
        yield _place(shop, ranked[which], lap + 1, seed, steady=True)


def _place(shop: Shop, pressing: Pressing, number: int, seed: int, *, steady: bool) -> Place:
    return Place(draw(seed, "place", shop.id, pressing.id, number) % KEYS, shop, pressing, steady)
