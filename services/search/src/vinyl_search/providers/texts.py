"""Texts from outside, made fit to keep: bounded, and without control characters."""

import unicodedata

LONGEST = 500


def clean(text: str | None, longest: int = LONGEST) -> str | None:
    """None for nothing but blanks. Control and format characters (NUL, right-to-left marks) become blanks."""
    if text is None:
        return None
    kept = "".join(" " if unicodedata.category(char)[0] == "C" else char for char in text[: 4 * longest])
    return " ".join(kept.split())[:longest].strip() or None


def clean_url(text: str | None, fallback: str) -> str:
    """Only an http address of sane length is shown as a link."""
    if text and len(text) <= 2000 and text.startswith(("https://", "http://")) and text.isprintable():
        return text
    return fallback
