"""Texts as the words that two spellings of one name have in common."""

import re
import unicodedata

_NUMBER_OF_NAMESAKE = re.compile(r"\s\(\d+\)(?=$|\s|,)")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"(?<=\w)['’`´](?=\w)")


def words(text: str) -> tuple[str, ...]:
    """Without case, accents and punctuation; `&` is "and", an apostrophe inside a word is nothing."""
    plain = unicodedata.normalize("NFKC", text).replace("&", " and ").casefold()
    folded = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", plain)).casefold()
    return tuple(_WORD.findall("".join(char for char in folded if not unicodedata.combining(char))))


def artist_words(name: str) -> tuple[str, ...]:
    """As `words`, without the "(2)" that tells namesakes apart, "The", and a trailing ", The"."""
    found = words(_NUMBER_OF_NAMESAKE.sub("", name))
    bare = tuple(word for place, word in enumerate(found) if word != "the" or 0 < place < len(found) - 1)
    return bare or found


def album_key(artist: str, title: str) -> str:
    """Equal for two spellings of one album by one artist; empty where either has no word."""
    by, called = artist_words(artist), words(title)
    return f"{' '.join(by)}|{' '.join(called)}" if by and called else ""
