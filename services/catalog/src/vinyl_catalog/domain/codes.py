"""Barcodes and catalogue numbers, each in the one spelling that they are looked up by."""

import re

from vinyl_catalog.domain.folding import words_of

_BARCODE = re.compile(r"[\d\s().<>*-]+", re.ASCII)
_NOT_DIGITS = re.compile(r"\D+", re.ASCII)
_SHORT, _LONG = 8, 13
_FEWEST_DIGITS = 6
MOST_CATALOG_LETTERS = 64


def barcode_of(text: str | None) -> str | None:
    """Thirteen digits (eight for a short EAN), so that UPC-12 and EAN-13 are one; None where it is none."""
    if not text or not _BARCODE.fullmatch(text):
        return None
    digits = _NOT_DIGITS.sub("", text).lstrip("0")
    if not _FEWEST_DIGITS <= len(digits) <= _LONG:
        return None
    return digits.zfill(_SHORT if len(digits) <= _SHORT else _LONG)


def catalog_number_of(text: str | None) -> str | None:
    """A catalogue number as printed; None where the source says "none" or nothing."""
    stripped = text.strip() if text else ""
    return None if not stripped or stripped.casefold() == "none" else stripped


def folded_catalog_number(text: str) -> str:
    """ "SK 032", "sk-032" and "SK032" alike: letters and digits only."""
    return "".join(words_of(text))[:MOST_CATALOG_LETTERS]
