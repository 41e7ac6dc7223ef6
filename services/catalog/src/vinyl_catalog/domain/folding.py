"""Text as it is searched and sorted: without case, accents and punctuation."""

import re
import unicodedata

_APOSTROPHES = re.compile("['’‘ʼ`´]")
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")
_WORDS = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t"}
)
MOST_WORD_LETTERS = 64
MOST_LETTERS = 1000


def words_of(text: str) -> list[str]:
    """The words of a text, folded. A text of signs alone ("!!!") is one word."""
    plain = _plain(text)
    if "&" in plain:
        plain = plain.replace("&", " and ")
    if "." in plain:
        plain = _INITIALS.sub(r"\1", plain)
    words = [word[:MOST_WORD_LETTERS] for word in _WORDS.findall(_APOSTROPHES.sub("", plain))]
    if words:
        return words
    signs = "".join(plain.split())
    return [signs[:MOST_WORD_LETTERS]] if signs else []


def folded(text: str) -> str:
    """The folded words with one blank between, cut where an index could not hold them."""
    return " ".join(words_of(text[:MOST_LETTERS]))[:MOST_LETTERS].rstrip()


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare.casefold()).translate(_LETTERS)
