"""Text as it is searched and sorted: without case, accents and punctuation."""

import re
import unicodedata
from collections.abc import Iterable

_APOSTROPHES = re.compile("['’‘ʼ`´]")
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")
_WORDS = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t"}
)
_LETTER = "[\u3005\u3041-\u3096\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_HAN_AND_KANA_LETTER = re.compile(_LETTER)
_HAN_AND_KANA = re.compile(f"{_LETTER}+|[^{_LETTER[1:]}+")
_HIRAGANA = {katakana: katakana - 0x60 for katakana in range(0x30A1, 0x30F7)}
MOST_WORD_LETTERS = 64
MOST_LETTERS = 1000


def words_of(text: str) -> list[str]:
    """The words of a text, folded. A text of signs alone ("!!!") is one word."""
    plain = _plain(text)
    if len(plain) <= MOST_WORD_LETTERS and plain.isascii() and plain.replace(" ", "").isalnum():
        return plain.split()  # what most texts come to, without a look at each letter
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


def terms_of(words: Iterable[str]) -> list[str]:
    """Folded words as they are indexed: Chinese and Japanese, which leave no blanks, in pairs of letters, and
    katakana as hiragana."""
    words = list(words)
    if "".join(words).isascii():
        return words
    terms: list[str] = []
    for word in words:
        if word.isascii():
            terms.append(word)
        else:
            for run in _HAN_AND_KANA.findall(word.translate(_HIRAGANA)):
                terms += _pairs_in(run) if _HAN_AND_KANA_LETTER.match(run) else [run]
    return terms


def _pairs_in(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]
