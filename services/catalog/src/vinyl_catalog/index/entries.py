"""What the index holds of a record, and the form in which it takes it."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import UUID

import msgspec

from vinyl_catalog.domain.fame import standing_of
from vinyl_catalog.domain.folding import terms_of
from vinyl_catalog.domain.searching import HitType

# By the highest, which is the bits of a fame.
_LEVELS = [" ".join(map(str, range(1, highest + 1))) for highest in range(65)]
_ARTICLES = frozenset("the a an le la les el los las il der die das".split())


class Shown(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a hit shows."""

    type: HitType
    id: UUID
    title: str
    subtitle: str | None
    album_id: UUID | None
    year: int | None


class Entry(msgspec.Struct, frozen=True, gc=False):
    """`owner` is the record that it goes and comes with. `names` are folded titles, the first its own;
    `words` the folded words of what goes with it; `tags` as the catalogue files albums, by
    their kinds; `labels` their names."""

    owner: UUID
    shown: Shown
    names: list[str]
    words: list[str]
    fame: int
    tags: dict[str, list[str]] = {}
    labels: list[str] = []


class _Document(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """By the names of the index' fields."""

    id: str
    type: HitType
    title: str
    words: str
    begun: list[str]
    names: str
    fame: str
    standing: float
    shown: bytes
    label: Sequence[str]
    genre: Sequence[str] = ()
    style: Sequence[str] = ()
    format: Sequence[str] = ()
    country: Sequence[str] = ()
    country_code: Sequence[str] = ()
    label_number: Sequence[str] = ()
    owner: str | None = None
    year: int | None = None


_encode = msgspec.json.Encoder().encode
_encode_shown = msgspec.msgpack.Encoder(uuid_format="bytes").encode
decode_shown = msgspec.msgpack.Decoder(Shown).decode


def document_of(entry: Entry) -> bytes:
    """JSON, which is quicker to make than the engine's own."""
    shown, tagged = entry.shown, entry.tags.get
    title = entry.names[0]
    if not title.isascii():
        title = " ".join(terms_of(title.split()))
    words = list(dict.fromkeys([*title.split(), *terms_of(entry.words)]))
    return _encode(
        _Document(
            shown.id.hex,
            shown.type,
            title,
            " ".join(words),
            words,
            " ".join(whole_names(entry.names)),
            _LEVELS[entry.fame.bit_length()],
            _standing(shown.type, entry.fame),
            _encode_shown(shown),
            entry.labels,
            tagged("genre", ()),
            tagged("style", ()),
            tagged("format", ()),
            tagged("country", ()),
            tagged("code", ()),
            tagged("label", ()),
            entry.owner.hex if entry.owner != shown.id else None,
            shown.year,
        )
    )


@lru_cache(maxsize=10_000)
def _standing(type_: HitType, fame: int) -> float:
    """The engine multiplies a score by log2(2 + the field)."""
    return float(2 ** standing_of(type_, fame) - 2)


def words_in(entry: Entry) -> dict[str, None]:
    return dict.fromkeys(terms_of([*entry.names[0].split(), *entry.words]))


def whole_names(folded_names: Iterable[str]) -> list[str]:
    """Each in one word, with and without its article."""
    names: dict[str, None] = {}
    for name in folded_names:
        first, _, rest = name.partition(" ")
        names[first + rest.replace(" ", "")] = None
        if rest and first in _ARTICLES:
            names[rest.replace(" ", "")] = None
    return list(names)
