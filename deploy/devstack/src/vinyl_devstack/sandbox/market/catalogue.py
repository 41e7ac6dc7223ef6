"""The pressings the market may sell, and how to find them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from msgspec import Struct

from vinyl_devstack.sandbox.market.pressing import Pressing, squeezed, words_of

Key = TypeVar("Key")


class Artist(Struct, frozen=True):
    id: int
    name: str
    variations: tuple[str, ...]


class Album(Struct, frozen=True):
    """`main` is the pressing the source calls the main one, else the earliest."""

    main: Pressing
    pressings: tuple[Pressing, ...]


class Catalogue:
    def __init__(self, pressings: Iterable[Pressing] = ()) -> None:
        self.pressings = {each.id: each for each in sorted(pressings, key=lambda each: each.id)}
        self.albums = _grouped((each.album, each) for each in self.pressings.values())
        self.masters = _grouped((each.master_id, each) for each in self.pressings.values() if each.master_id)
        self.artists = _artists(self.pressings.values())
        self._words = {each.id: _words(each) for each in self.pressings.values()}

    def with_words(self, query: str) -> list[Pressing]:
        """Pressings with all these words among artist, title, label, catalogue number, barcode and year."""
        return [each for each in self.pressings.values() if self.has_words(each.id, query)]

    def has_words(self, release_id: int, query: str) -> bool:
        return set(words_of(query)) <= self._words.get(release_id, frozenset())


def _grouped(pairs: Iterable[tuple[Key, Pressing]]) -> dict[Key, Album]:
    gathered: dict[Key, list[Pressing]] = defaultdict(list)
    for key, each in pairs:
        gathered[key].append(each)
    return {
        key: Album(min(some, key=lambda each: (not each.is_main, each.year or 9999, each.id)), tuple(some))
        for key, some in gathered.items()
    }


def _artists(pressings: Iterable[Pressing]) -> dict[int, Artist]:
    names: dict[int, str] = {}
    variations: dict[int, set[str]] = defaultdict(set)
    for credit in (credit for each in pressings for credit in (*each.artists, *each.credits) if credit.id):
        names.setdefault(credit.id, credit.name)
        variations[credit.id].update({credit.variation} - {""})
    return {id_: Artist(id_, name, tuple(sorted(variations[id_]))) for id_, name in names.items()}


def _words(pressing: Pressing) -> frozenset[str]:
    codes = (*(credit.catalogue_number for credit in pressing.labels), *pressing.barcodes)
    names = (pressing.artist, *(credit.name for credit in pressing.artists), pressing.title, pressing.label)
    spaced = words_of(" ".join((*names, *codes, str(pressing.year or ""))))
    return frozenset((*spaced, *(squeezed(code) for code in codes)))
