"""Who is credited, as what and for what."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from vinyl_catalog.domain.facts import SourceCredit
from vinyl_catalog.domain.names import KnownNames


class Credit(msgspec.Struct, frozen=True):
    """`name` is the artist's own, "(2)" kept; `credited_as` None where it is the name; `join` is what stands
    before the next ("&", ",", "feat."), None after the last; `tracks` the source's text ("1 to 3")."""

    artist_id: UUID | None
    name: str
    credited_as: str | None
    join: str | None
    role: str | None
    tracks: str | None


def credits_of(source: Sequence[SourceCredit], names: KnownNames) -> list[Credit]:
    """The credits with the artists' own names, in the source's order."""
    if not source:
        return []
    credited = [_credit_of(credit, names) for credit in source]
    if credited[-1].join is not None:
        credited[-1] = msgspec.structs.replace(credited[-1], join=None)
    return credited


def printed(credited: Iterable[Credit]) -> str:
    """The whole credit on one line: "Simon & Garfunkel", "A, B feat. C"."""
    line = ""
    for credit in credited:
        line += (credit.credited_as or credit.name) + _before_next(credit.join)
    return line.removesuffix(", ")


def line_of(source: Sequence[SourceCredit], names: KnownNames) -> str:
    """`printed` of `credits_of`, which are not made for it."""
    line = ""
    for credit in source[:-1]:
        line += _spoken(credit, names) + _before_next(credit.join)
    return line + _spoken(source[-1], names) if source else ""


def _spoken(source: SourceCredit, names: KnownNames) -> str:
    if source.credited_as:
        return source.credited_as
    known = names.artists.get(source.discogs_artist_id) if source.discogs_artist_id else None
    return known.name if known and known.is_own else source.name


def _before_next(join: str | None) -> str:
    if join is None:
        return ", "
    return f"{join} " if join == "," else f" {join} "


def _credit_of(source: SourceCredit, names: KnownNames) -> Credit:
    known = names.artists.get(source.discogs_artist_id) if source.discogs_artist_id else None
    name = known.name if known and known.is_own else source.name
    credited_as = source.credited_as if source.credited_as != name else None
    return Credit(known.id if known else None, name, credited_as, source.join, source.role, source.tracks)
