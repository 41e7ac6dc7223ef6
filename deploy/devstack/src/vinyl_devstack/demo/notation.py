"""The short notations of the demo's files, which README.md beside this file explains."""

import re
from collections.abc import Iterator

from vinyl_devstack.demo.facts import Company, Credit, Format, Identifier, LabelUse, Track

DURATION = re.compile(r"\d{1,3}:[0-5]\d")
OUTSIDE_BRACKETS = re.compile(r",\s+(?![^\[]*\])")
LABEL = re.compile(r"(?P<name>[^\[\]]+) \[(?P<number>[^\]]+)\]")
FORMAT = re.compile(
    r"(?P<quantity>\d+)?(?P<kind>LP|CD|Cass|12\"|10\"|7\")(?P<descriptions>(, [^,()]+)*)( \((?P<text>.+)\))?"
)
FORMAT_NAMES = {"CD": "CD", "Cass": "Cassette"}
RELEASED = re.compile(r"\d{4}(-\d\d){0,2}")


class BadNotation(Exception):
    """Says which words are not understood."""


def lines_of(text: str) -> Iterator[str]:
    return (line.rstrip() for line in text.splitlines() if line.strip())


def split_list(text: str) -> list[str]:
    """At the commas that stand outside of brackets."""
    return OUTSIDE_BRACKETS.split(text)


def credit_of(text: str, *, join: str = "", role: str = "") -> Credit:
    """`Name`, `Name as Printed`, either with `[A1 to A3]` behind it."""
    name, _, tracks = text.partition(" [")
    name, _, printed = name.partition(" as ")
    if not name.strip() or (tracks and not tracks.endswith("]")):
        raise BadNotation(f"no credit: {text!r}")
    return Credit(name.strip(), printed.strip(), join, role, tracks.removesuffix("]"))


def artists_of(given: str | list[str]) -> tuple[Credit, ...]:
    """One artist, or several with what joins them: `["Stan Getz", "/", "João Gilberto"]`."""
    parts = [given] if isinstance(given, str) else given
    if len(parts) % 2 == 0:
        raise BadNotation(f"artists and joins have to alternate: {parts}")
    joins = [*parts[1::2], ""]
    return tuple(credit_of(name, join=join) for name, join in zip(parts[::2], joins, strict=True))


def credits_of(text: str) -> tuple[Credit, ...]:
    """Lines of `Role: Name, Name [A2]`."""
    return tuple(
        credit_of(name, role=role) for role, names in by_colon(lines_of(text)) for name in split_list(names)
    )


def companies_of(text: str) -> tuple[Company, ...]:
    """`Recorded At: Name; Mixed At: Name`."""
    return tuple(Company(name, role) for role, name in by_colon(filter(None, text.split("; "))))


def by_colon(parts: Iterator[str]) -> Iterator[tuple[str, str]]:
    for part in parts:
        left, colon, right = part.partition(": ")
        if not colon or not right.strip():
            raise BadNotation(f"no `Role: Name`: {part!r}")
        yield left.strip(), right.strip()


def tracks_of(text: str) -> tuple[Track, ...]:
    """A line a track; `= ` begins a heading; lines that are set in belong to the one above."""
    blocks: list[list[str]] = []
    for line in lines_of(text):
        if line.startswith(" "):
            blocks[-1].append(line.strip())
        else:
            blocks.append([line])
    return tuple(_track_of(block[0], tuple(map(_track_of, block[1:]))) for block in blocks)


def _track_of(line: str, sub_tracks: tuple[Track, ...] = ()) -> Track:
    """`A1 Title 4:05` or `A1 Title // Artist 4:05`; `-` stands for a position nobody knows."""
    position, _, rest = line.partition(" ")
    if position == "=":
        return Track("", rest)
    title, _, last = rest.rpartition(" ")
    if not DURATION.fullmatch(last) or not title:
        title, last = rest, ""
    title, _, artist = title.partition(" // ")
    if not title:
        raise BadNotation(f"no track: {line!r}")
    artists = (credit_of(artist),) if artist else ()
    return Track(position.removeprefix("-"), title.strip(), last, artists, sub_tracks)


def labels_of(text: str) -> tuple[LabelUse, ...]:
    """`Label [catalogue number], Label [none]`."""
    found = [LABEL.fullmatch(part) for part in re.split(r"(?<=\]), ", text)]
    if not all(found):
        raise BadNotation(f"no `Label [number]`: {text!r}")
    return tuple(LabelUse(match["name"], match["number"]) for match in found if match)


def formats_of(text: str) -> tuple[Format, ...]:
    """`2LP, Album, Stereo (Gatefold) + 7", EP`."""
    return tuple(map(_format_of, text.split(" + ")))


def _format_of(text: str) -> Format:
    match = FORMAT.fullmatch(text)
    if match is None:
        raise BadNotation(f"no format: {text!r}")
    kind = match["kind"]
    name = FORMAT_NAMES.get(kind, "Vinyl")
    descriptions = [kind] if name == "Vinyl" else []
    descriptions += [part for part in match["descriptions"].split(", ") if part]
    return Format(name, int(match["quantity"] or 1), match["text"] or "", tuple(descriptions))


def released_of(text: str) -> str:
    """A month without a day gets the dump's `-00`."""
    if not RELEASED.fullmatch(text):
        raise BadNotation(f"no date: {text!r}")
    return f"{text}-00" if len(text) == 7 else text


def identifiers_of(extras: dict[str, str]) -> tuple[Identifier, ...]:
    """`barcode: 5099…` and `runout A: …`."""
    found = [Identifier("Barcode", extras["barcode"])] if "barcode" in extras else []
    for key, value in extras.items():
        kind, _, side = key.partition(" ")
        if kind == "runout":
            found.append(Identifier("Matrix / Runout", value, f"Side {side}, etched"))
    return tuple(found)


def renumbered(tracks: tuple[Track, ...]) -> tuple[Track, ...]:
    """Positions by side, as on a record, become those of a disc without sides: A1, B1 … 1, 2 …"""
    found, number = [], 0
    for track in tracks:
        if not track.position[:1].isalpha():
            found.append(track)
            continue
        number += 1
        subs = tuple(
            Track(f"{number}.{sub.position.rpartition('.')[2]}", sub.title, sub.duration, sub.artists)
            for sub in track.sub_tracks
        )
        found.append(Track(str(number), track.title, track.duration, track.artists, subs))
    return tuple(found)
