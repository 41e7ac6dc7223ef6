"""The demo's listeners, as `listeners.toml` has them."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from vinyl_devstack.demo import ids, notation
from vinyl_devstack.demo.facts import Catalogue
from vinyl_devstack.demo.notation import BadNotation
from vinyl_devstack.demo.reading import FOLDER, BadDemo, decoded

RECORD = re.compile(r"(?P<title>.+?)( #(?P<pressing>\d+))?")


class Copy(msgspec.Struct, frozen=True):
    """An owned record. `details` are the fields of the collection's own form."""

    discogs_release_id: int
    details: dict[str, Any]


class Wish(msgspec.Struct, frozen=True):
    """A wanted album (by number), or one pressing of it."""

    album: int
    discogs_release_id: int | None
    details: dict[str, Any]


class Shown(msgspec.Struct, frozen=True):
    """A product about a copy on the shelf, an album (by number) or neither. `details` are the fields of the
    product's own form."""

    discogs_release_id: int | None
    album: int | None
    details: dict[str, Any]


class DemoListener(msgspec.Struct, frozen=True):
    """`ratings` are stars by album number; `profile` and `searches` are bodies as the API takes them."""

    username: str
    password: str
    profile: dict[str, Any]
    shelf: tuple[Copy, ...]
    wants: tuple[Wish, ...]
    ratings: dict[int, int]
    sellers: tuple[str, ...]
    searches: tuple[dict[str, Any], ...]
    products: tuple[Shown, ...]

    @property
    def email(self) -> str:
        return f"{self.username}@example.org"

    @property
    def albums(self) -> set[int]:
        """Numbers of those that are rated, wanted or shown."""
        shown = {each.album for each in self.products if each.album is not None}
        return {*self.ratings, *(want.album for want in self.wants), *shown}


class WrittenProduct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`copy` and `album` are titles, `price` as on a shelf."""

    title: str
    category: str
    tags: tuple[str, ...]
    description: str = ""
    copy: str = ""
    album: str = ""
    price: str = ""
    status: str = "published"


class WrittenListener(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    display_name: str
    bio: str
    country: str
    currency: str
    shelf: str
    wants: str
    ratings: str
    sellers: tuple[str, ...] = ()
    searches: tuple[dict[str, Any], ...] = ()
    products: tuple[WrittenProduct, ...] = ()


class WrittenListeners(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    password: str
    listeners: dict[str, WrittenListener]


def read_listeners(catalogue: Catalogue, folder: Path = FOLDER) -> tuple[DemoListener, ...]:
    """The first is the one whose sign-in is shown. Raises BadDemo."""
    path = folder / "listeners.toml"
    written = decoded(path, WrittenListeners)
    titles = Titles(catalogue)
    found = []
    for username, about in written.listeners.items():
        try:
            found.append(_listener(username, written.password, about, titles))
        except BadNotation as error:
            raise BadDemo(f"{path.name}, {username}: {error}") from None
    return tuple(found)


class Titles:
    """Albums by what a person calls them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._albums = {album.title: album for album in catalogue.albums}
        self._counts = Counter(album.title for album in catalogue.albums)

    def find(self, text: str) -> tuple[int, int | None]:
        """Album and pressing of `Title` or `Title #2`. Raises BadNotation."""
        match = RECORD.fullmatch(text.strip())
        album = self._albums.get(match["title"]) if match else None
        if match is None or album is None:
            raise BadNotation(f"no album is called {text!r}")
        if self._counts[album.title] > 1:
            raise BadNotation(f"several albums are called {album.title!r}")
        pressing = int(match["pressing"]) if match["pressing"] else None
        if pressing not in {None, *(each.number for each in album.pressings)}:
            raise BadNotation(f"{album.title!r} has no pressing {pressing}")
        return album.number, pressing


def _listener(username: str, password: str, about: WrittenListener, titles: Titles) -> DemoListener:
    shelf = tuple(_copy_of(line, titles) for line in notation.lines_of(about.shelf))
    return DemoListener(
        username=username,
        password=password,
        profile={
            "display_name": about.display_name,
            "bio": about.bio,
            "country": about.country,
            "currency": about.currency,
        },
        shelf=shelf,
        wants=tuple(_wish_of(line, titles) for line in notation.lines_of(about.wants)),
        ratings=_ratings_of(about.ratings, titles),
        sellers=about.sellers,
        searches=about.searches,
        products=tuple(_shown(product, shelf, titles) for product in about.products),
    )


def _copy_of(line: str, titles: Titles) -> Copy:
    """`Title #2 | VG+/VG | 28.00 EUR | 2019-05-11 | Place | Note`, of which the note may lack."""
    title, grades, price, acquired, place, note = _fields(line, 6, needed=5)
    album, pressing = titles.find(title)
    media, _, sleeve = grades.partition("/")
    details = {
        "media_condition": media,
        "sleeve_condition": sleeve,
        "purchase_price": _money(price),
        "acquired_on": acquired,
        "storage_place": place,
        "notes": note or None,
    }
    return Copy(ids.release_id(album, pressing or 1), details)


def _wish_of(line: str, titles: Titles) -> Wish:
    """`Title #1 | 40.00 EUR | VG+ | LP | Note`, of which format and note may lack."""
    title, price, grade, formats, note = _fields(line, 5, needed=3)
    album, pressing = titles.find(title)
    details = {
        "max_price": _money(price),
        "min_media_condition": grade,
        "formats": [formats] if formats else [],
        "notes": note or None,
    }
    return Wish(album, ids.release_id(album, pressing) if pressing else None, details)


def _shown(product: WrittenProduct, shelf: tuple[Copy, ...], titles: Titles) -> Shown:
    """Raises BadNotation for a copy that is not on the shelf."""
    details = {
        "title": product.title,
        "category": product.category,
        "tags": list(product.tags),
        "description": product.description.strip() or None,
        "price": _money(product.price) if product.price else None,
        "status": product.status,
    }
    release_id = None
    if product.copy:
        album, pressing = titles.find(product.copy)
        release_id = ids.release_id(album, pressing or 1)
        if release_id not in {copy.discogs_release_id for copy in shelf}:
            raise BadNotation(f"{product.copy!r} is not on the shelf")
    return Shown(release_id, titles.find(product.album)[0] if product.album else None, details)


def _ratings_of(text: str, titles: Titles) -> dict[int, int]:
    """Lines of `5: Title; Title`."""
    found: dict[int, int] = {}
    for stars, named in notation.by_colon(notation.lines_of(text)):
        for title in named.split("; "):
            album, _ = titles.find(title)
            if album in found:
                raise BadNotation(f"{title!r} is rated twice")
            found[album] = int(stars)
    return found


def _fields(line: str, most: int, *, needed: int) -> list[str]:
    fields = [field.strip() for field in line.split(" | ")]
    if not needed <= len(fields) <= most:
        raise BadNotation(f"between {needed} and {most} fields are to be in {line!r}")
    return fields + [""] * (most - len(fields))


def _money(text: str) -> dict[str, str]:
    amount, _, currency = text.partition(" ")
    return {"amount": amount, "currency": currency}
