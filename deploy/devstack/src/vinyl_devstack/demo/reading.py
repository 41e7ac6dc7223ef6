"""The demo's files as a catalogue."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from vinyl_devstack.demo import notation
from vinyl_devstack.demo.facts import Album, Artist, Catalogue, Credit, Label, Pressing, Track, unique
from vinyl_devstack.demo.notation import BadNotation

FOLDER = Path(__file__).parent
EXTRAS = re.compile(r"barcode|title|artist|tracks|runout [A-Z]")

Shape = TypeVar("Shape")


class BadDemo(Exception):
    """Names the file, and the album where it is one."""


class WrittenAlbum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An [[album]] as it stands in the file."""

    no: int
    artist: str | list[str]
    title: str
    year: int
    genre: str
    tracks: str
    pressings: str
    credits: str = ""
    companies: str = ""
    notes: str = ""
    master: bool = True
    other_tracks: dict[str, str] = {}


class PressingLine(msgspec.Struct, frozen=True):
    """`1 | UK | 1979-06 | Label [number] | LP, Album | extra: …`"""

    number: int
    country: str
    released: str
    labels: str
    formats: str
    extras: dict[str, str]

    @classmethod
    def of(cls, line: str) -> "PressingLine":
        parts = line.split(" | ")
        if len(parts) < 5 or not parts[0].isdigit():
            raise BadNotation(f"a pressing is number | country | date | labels | formats: {line!r}")
        number, country, released, labels, formats = parts[:5]
        extras = dict(notation.by_colon(iter(parts[5:])))
        if unknown := [key for key in extras if not EXTRAS.fullmatch(key)]:
            raise BadNotation(f"unknown in a pressing: {unknown}")
        return cls(int(number), country, released, labels, formats, extras)

    @property
    def which_tracks(self) -> str:
        return self.extras.get("tracks", str(self.number))


class WrittenAlbums(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    album: list[WrittenAlbum]


class WrittenArtist(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    real_name: str = ""
    profile: str = ""
    variations: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


class WrittenLabel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    profile: str = ""
    parent: str = ""
    urls: tuple[str, ...] = ()


def read_catalogue(folder: Path = FOLDER) -> Catalogue:
    """Raises BadDemo."""
    albums = tuple(album for path in sorted((folder / "albums").glob("*.toml")) for album in _albums_in(path))
    artists = decoded(folder / "artists.toml", dict[str, WrittenArtist])
    labels = decoded(folder / "labels.toml", dict[str, WrittenLabel])
    return Catalogue(
        tuple(sorted(albums, key=lambda album: album.number)),
        tuple(_artists(albums, artists)),
        tuple(_labels(albums, labels)),
    )


def decoded(path: Path, shape: type[Shape]) -> Shape:
    """Raises BadDemo."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=shape)
    except (OSError, msgspec.DecodeError) as error:
        raise BadDemo(f"{path.name}: {error}") from None


def _albums_in(path: Path) -> Iterator[Album]:
    for written in decoded(path, WrittenAlbums).album:
        try:
            yield _album_of(written)
        except BadNotation as error:
            raise BadDemo(f"{path.name}, album {written.no} ({written.title}): {error}") from None


def _album_of(written: WrittenAlbum) -> Album:
    genres, _, styles = written.genre.partition(": ")
    lines = [PressingLine.of(line) for line in notation.lines_of(written.pressings)]
    if unused := written.other_tracks.keys() - {line.which_tracks for line in lines}:
        raise BadNotation(f"no pressing has the other tracks {sorted(unused)}")
    return Album(
        number=written.no,
        title=written.title,
        artists=notation.artists_of(written.artist),
        year=written.year,
        genres=tuple(genres.split(" + ")),
        styles=tuple(styles.split(", ")),
        credits=notation.credits_of(written.credits),
        companies=notation.companies_of(written.companies),
        notes=written.notes,
        has_master=written.master,
        pressings=tuple(_pressing_of(line, written) for line in lines),
    )


def _pressing_of(line: PressingLine, album: WrittenAlbum) -> Pressing:
    formats = notation.formats_of(line.formats)
    return Pressing(
        number=line.number,
        title=line.extras.get("title", album.title),
        artists=_artists_of_pressing(album, line.extras.get("artist")),
        country=line.country,
        released=notation.released_of(line.released),
        labels=notation.labels_of(line.labels),
        formats=formats,
        identifiers=notation.identifiers_of(line.extras),
        tracks=_tracks_of_pressing(album, line, on_disc=formats[0].name == "CD"),
    )


def _artists_of_pressing(album: WrittenAlbum, printed: str | None) -> tuple[Credit, ...]:
    artists = notation.artists_of(album.artist)
    return (Credit(artists[0].name, printed), *artists[1:]) if printed else artists


def _tracks_of_pressing(album: WrittenAlbum, line: PressingLine, *, on_disc: bool) -> tuple[Track, ...]:
    if "tracks" in line.extras and line.which_tracks not in album.other_tracks:
        raise BadNotation(f"no other tracks are called {line.which_tracks!r}")
    tracks = notation.tracks_of(album.other_tracks.get(line.which_tracks, album.tracks))
    return notation.renumbered(tracks) if on_disc else tracks


def _artists(albums: tuple[Album, ...], written: dict[str, WrittenArtist]) -> Iterator[Artist]:
    """A record for every name; names printed on sleeves count as variations."""
    printed: dict[str, list[str]] = {name: [] for name in written}
    for album in albums:
        for credit in album.all_credits:
            names = printed.setdefault(credit.name, [])
            if credit.credited_as:
                names.append(credit.credited_as)
    for about in written.values():
        for name in (*about.members, *about.aliases):
            printed.setdefault(name, [])
    for name in sorted(printed.keys() - {"Various"}):
        about = written.get(name, WrittenArtist())
        variations = unique([*about.variations, *sorted(printed[name])])
        yield Artist(
            name, about.real_name, about.profile, tuple(variations), about.aliases, about.members, about.urls
        )


def _labels(albums: tuple[Album, ...], written: dict[str, WrittenLabel]) -> Iterator[Label]:
    names = set(written) | {about.parent for about in written.values() if about.parent}
    for album in albums:
        names.update(company.name for company in album.companies)
        names.update(label.name for pressing in album.pressings for label in pressing.labels)
    for name in sorted(names):
        about = written.get(name, WrittenLabel())
        yield Label(name, about.profile, about.parent, about.urls)
