"""What is asked for in words, and what is found."""

import enum
from uuid import UUID

import msgspec
from rapidfuzz.distance import OSA

from vinyl_catalog.domain.codes import barcode_of, folded_catalog_number
from vinyl_catalog.domain.folding import words_of

_MOST_WORDS = 16
_FEWEST_CATALOG_LETTERS = 3
FORGIVING_FROM = 3
_FORGIVING_TWICE_FROM = 8


class HitType(enum.StrEnum):
    ALBUM = "album"
    ARTIST = "artist"
    SONG = "song"
    LABEL = "label"
    PRODUCT = "product"


class Question(msgspec.Struct, frozen=True):
    """`text` as typed; `types` are those wanted; the rest as in an album filter."""

    text: str
    types: tuple[HitType, ...]
    genre: str | None = None
    style: str | None = None
    format: str | None = None
    country: str | None = None
    label: str | None = None
    year_from: int | None = None
    year_to: int | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the words and the types restricts it."""
        filters = (
            self.genre,
            self.style,
            self.format,
            self.country,
            self.label,
            self.year_from,
            self.year_to,
        )
        return any(each is not None for each in filters)

    @property
    def may_name_number(self) -> bool:
        """Whether it could be a barcode or a catalogue number; both have digits."""
        return any(letter.isdigit() for letter in self.text)

    @property
    def words(self) -> list[str]:
        return words_of(self.text)[:_MOST_WORDS]


class Highlight(msgspec.Struct, frozen=True):
    """Where a word of the question begins in `field`: characters `start` up to but not including `end`."""

    field: str
    start: int
    end: int


class Hit(msgspec.Struct, frozen=True):
    """`release_id` comes with an album that a barcode or catalogue number named: the pressing that bears it.
    `album_id` is a song's album, and an album's own id."""

    type: HitType
    id: UUID
    title: str
    subtitle: str | None
    score: float
    highlights: list[Highlight]
    album_id: UUID | None
    release_id: UUID | None
    year: int | None


class FacetValue(msgspec.Struct, frozen=True):
    value: str
    count: int


class CatalogCode(msgspec.Struct, frozen=True):
    """A catalogue number that the question may name, after the words of a label."""

    code: str
    label_words: tuple[str, ...]


def barcode_in(text: str) -> str | None:
    code = barcode_of(text)
    return f"b:{code}" if code else None


def catalog_codes_in(text: str) -> list[CatalogCode]:
    """The whole text as a catalogue number, and every split of it into a label and a number. One without a
    digit is taken for a title."""
    words = words_of(text)[:_MOST_WORDS]
    splits = [
        CatalogCode(folded_catalog_number(" ".join(words[at:])), tuple(words[:at]))
        for at in range(len(words))
    ]
    return [
        split
        for split in splits
        if len(split.code) >= _FEWEST_CATALOG_LETTERS and any(letter.isdigit() for letter in split.code)
    ]


def highlights_of(
    field: str, text: str | None, words: list[str], *, was_forgiving: bool = False
) -> list[Highlight]:
    """The words of `text` that are in the question or begin as its last one does; Chinese and Japanese, which
    leave no blanks, where a word of the question stands in them. With typos where they were forgiven."""
    found: list[Highlight] = []
    place = 0
    for piece in (text or "").split():
        start = (text or "").index(piece, place)
        place = start + len(piece)
        if any(_is_asked_for(each, words, was_forgiving) for each in words_of(piece)):
            found.append(Highlight(field, start, place))
    return found


def _is_asked_for(word: str, words: list[str], was_forgiving: bool) -> bool:
    if word in words or word.startswith(words[-1]):
        return True
    if not word.isascii() and any(not each.isascii() and each in word for each in words):
        return True
    return was_forgiving and any(
        OSA.distance(word, each, score_cutoff=typos) <= typos
        for each in words
        if (typos := forgiven_typos(each))
    )


def forgiven_typos(word: str) -> int:
    """A typo in a word of three letters, two in one of eight, none in a number."""
    if len(word) < FORGIVING_FROM or word.isdigit():
        return 0
    return 2 if len(word) >= _FORGIVING_TWICE_FROM else 1
