"""What the index holds of a record, and the form in which it takes it."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

import msgspec

from vinyl_catalog.domain.fame import standing_of
from vinyl_catalog.domain.folding import terms_of
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index.schema import TAG_FIELDS

_LEVELS = [str(level) for level in range(1, 65)]
_ARTICLES = frozenset("the a an le la les el los las il der die das".split())


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """What a hit shows."""

    type: HitType
    id: UUID
    title: str
    subtitle: str | None
    album_id: UUID | None
    year: int | None


class Entry(msgspec.Struct, frozen=True):
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


_encode = msgspec.json.Encoder().encode
_encode_shown = msgspec.msgpack.Encoder(uuid_format="bytes").encode
decode_shown = msgspec.msgpack.Decoder(Shown).decode


def document_of(entry: Entry) -> bytes:
    """JSON by the names of the index' fields, which is quicker to make than the engine's own."""
    shown = entry.shown
    title = terms_of(entry.names[0].split())
    words = list(dict.fromkeys([*title, *terms_of(entry.words)]))
    document: dict[str, object] = {
        "id": shown.id.hex,
        "type": shown.type,
        "title": " ".join(title),
        "words": " ".join(words),
        "begun": words,
        "names": whole_names(entry.names),
        "label": entry.labels,
        "fame": _LEVELS[: entry.fame.bit_length()],
        "standing": _standing(shown.type, entry.fame),
        "shown": _encode_shown(shown),
    }
    for kind, values in entry.tags.items():
        if field := TAG_FIELDS.get(kind):
            document[field] = values
    if entry.owner != shown.id:
        document["owner"] = entry.owner.hex
    if shown.year is not None:
        document["year"] = shown.year
    return _encode(document)


@lru_cache(maxsize=10_000)
def _standing(type_: HitType, fame: int) -> float:
    """The engine multiplies a score by log2(2 + the field)."""
    return float(2 ** standing_of(type_, fame) - 2)


def words_in(entry: Entry) -> dict[str, None]:
    return dict.fromkeys(terms_of([*entry.names[0].split(), *entry.words]))


def whole_names(folded_names: Iterable[str]) -> list[str]:
    """Each with and without its article, and in one word."""
    names: dict[str, None] = {}
    for name in folded_names:
        first, _, rest = name.partition(" ")
        for each in (name, rest if first in _ARTICLES else ""):
            if each:
                names[each] = names[each.replace(" ", "")] = None
    return list(names)
