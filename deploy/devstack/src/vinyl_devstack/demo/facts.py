"""What the demo's files say, understood: albums with their pressings, artists, labels."""

from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec


class Credit(msgspec.Struct, frozen=True):
    """`credited_as` where the sleeve has another name; `join` stands before the next artist; `tracks` is
    text such as `A1 to A3`."""

    name: str
    credited_as: str = ""
    join: str = ""
    role: str = ""
    tracks: str = ""


class Track(msgspec.Struct, frozen=True):
    """`duration` is `4:05` or empty. A heading has neither position nor duration."""

    position: str
    title: str
    duration: str = ""
    artists: tuple[Credit, ...] = ()
    sub_tracks: tuple["Track", ...] = ()


class LabelUse(msgspec.Struct, frozen=True):
    name: str
    catalog_number: str


class Format(msgspec.Struct, frozen=True):
    name: str
    quantity: int
    text: str
    descriptions: tuple[str, ...]


class Identifier(msgspec.Struct, frozen=True):
    type: str
    value: str
    description: str = ""


class Company(msgspec.Struct, frozen=True):
    name: str
    role: str


class Pressing(msgspec.Struct, frozen=True):
    """`released` as in the dump: `1959`, `1959-08-00` or `1959-08-17`."""

    number: int
    title: str
    artists: tuple[Credit, ...]
    country: str
    released: str
    labels: tuple[LabelUse, ...]
    formats: tuple[Format, ...]
    identifiers: tuple[Identifier, ...]
    tracks: tuple[Track, ...]

    @property
    def year(self) -> int:
        return int(self.released[:4])


class Album(msgspec.Struct, frozen=True):
    """`has_master` is false for a release that stands alone."""

    number: int
    title: str
    artists: tuple[Credit, ...]
    year: int
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    credits: tuple[Credit, ...]
    companies: tuple[Company, ...]
    notes: str
    has_master: bool
    pressings: tuple[Pressing, ...]

    @property
    def all_credits(self) -> Iterator[Credit]:
        yield from self.artists
        yield from self.credits
        for pressing in self.pressings:
            yield from pressing.artists
            for track in pressing.tracks:
                yield from track.artists


class Artist(msgspec.Struct, frozen=True):
    name: str
    real_name: str = ""
    profile: str = ""
    variations: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


class Label(msgspec.Struct, frozen=True):
    name: str
    profile: str = ""
    parent: str = ""
    urls: tuple[str, ...] = ()


class Catalogue(msgspec.Struct, frozen=True, dict=True):
    """Everything that is to be imported. `artists` and `labels` hold a record for every name that occurs."""

    albums: tuple[Album, ...]
    artists: tuple[Artist, ...]
    labels: tuple[Label, ...]

    @cached_property
    def albums_by_number(self) -> dict[int, Album]:
        return {album.number: album for album in self.albums}

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """By member, the groups that name them."""
        return turned((artist.name, artist.members) for artist in self.artists)

    @cached_property
    def aliases(self) -> dict[str, list[str]]:
        """By artist, in both directions."""
        stated = {artist.name: artist.aliases for artist in self.artists if artist.aliases}
        back = turned(stated.items())
        return {name: unique([*stated.get(name, ()), *back.get(name, ())]) for name in {*stated, *back}}

    @cached_property
    def sublabels(self) -> dict[str, list[str]]:
        return turned((label.name, (label.parent,)) for label in self.labels if label.parent)


def turned(pairs: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one, others in pairs:
        for other in others:
            found.setdefault(other, []).append(one)
    return found


def unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
