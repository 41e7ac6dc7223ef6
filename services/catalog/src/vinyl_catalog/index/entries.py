"""What the index holds of a record, and the form in which it takes it."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

import msgspec
import tantivy

from vinyl_catalog.domain.fame import standing_of
from vinyl_catalog.domain.folding import terms_of
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index.schema import MOST_BEGUN_LETTERS, TAG_FIELDS

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
    `words` the folded words of what goes with it; `tags` as the catalogue files albums, `labels`
    their names."""

    owner: UUID
    shown: Shown
    names: list[str]
    words: list[str]
    fame: int
    tags: list[str] = []
    labels: list[str] = []


_encode = msgspec.msgpack.Encoder().encode
decode_shown = msgspec.msgpack.Decoder(Shown).decode


def document_of(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    shown = entry.shown
    document.add_text("owner", entry.owner.hex)
    document.add_text("id", shown.id.hex)
    document.add_text("type", shown.type)
    document.add_text("title", " ".join(terms_of(entry.names[0].split())))
    words = words_in(entry)
    document.add_text("words", " ".join(words))
    document.add_text("begun", " ".join(map(_beginnings, words)))
    for name in whole_names(entry.names):
        document.add_text("names", name)
    for tag in entry.tags:
        kind, _, value = tag.partition(":")
        if field := TAG_FIELDS.get(kind):
            document.add_text(field, value)
    for label in entry.labels:
        document.add_text("label", label)
    if shown.year is not None:
        document.add_integer("year", shown.year)
    for level in range(1, entry.fame.bit_length() + 1):
        document.add_text("fame", str(level))
    # The engine multiplies a score by log2(2 + the field).
    document.add_float("standing", 2 ** standing_of(shown.type, entry.fame) - 2)
    document.add_bytes("shown", _encode(shown))
    return document


@lru_cache(maxsize=50_000)
def _beginnings(word: str) -> str:
    return " ".join(word[:end] for end in range(1, min(len(word), MOST_BEGUN_LETTERS) + 1))


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
