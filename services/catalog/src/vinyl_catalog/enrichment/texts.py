"""Texts and addresses from outside, made fit to keep: plain, bounded, without control characters."""

import re
import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlsplit

MOST_TEXT_LETTERS = 8000
_MOST_URL_LETTERS = 2000
_BREAKS = frozenset(["p", "br", "div", "li", "h1", "h2", "h3", "blockquote"])
_HIDDEN = frozenset(["script", "style"])
_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&lt;|&amp;")
_MOST_LAYERS = 5
_BLANK_LINES = re.compile(r"\s*\n\s*\n\s*")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        if tag in _BREAKS:
            self.parts.append("\n\n" if tag == "p" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def plain(text: str | None, longest: int = MOST_TEXT_LETTERS) -> str | None:
    """The text without tags, its entities read, paragraphs kept; None where nothing is left."""
    if not text:
        return None
    bare = _without_tags(text[: 4 * longest])
    # what reads as a tag once its entities are read is one too
    for _ in range(_MOST_LAYERS):
        if not _MARKUP.search(bare):
            break
        bare = _without_tags(bare)
    # one that was never closed, or hidden deeper than anybody would
    bare = _TAG.sub("‹", bare)
    kept = "".join(char if char == "\n" else " " if _is_control(char) else char for char in bare)
    paragraphs = (" ".join(part.split()) for part in _BLANK_LINES.split(kept))
    return _cut("\n\n".join(part for part in paragraphs if part), longest) or None


def name(text: str | None, longest: int = 300) -> str:
    """One line; empty where there is none."""
    return " ".join((plain(text, longest) or "").split())


def web_address(text: str | None, *, hosts: tuple[str, ...] = ()) -> str | None:
    """The address, made https, if it is one of the web, and of one of the `hosts` where any are given."""
    if not text or len(text) > _MOST_URL_LETTERS or not text.isprintable() or re.search(r'[\s"<>\\]', text):
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        odd = parts.scheme not in ("http", "https") or parts.username is not None or "." not in host
    except ValueError:
        return None
    if odd or (hosts and not any(host == each or host.endswith(f".{each}") for each in hosts)):
        return None
    return parts._replace(scheme="https").geturl() if parts.port in (None, 443) else text


def year(text: str | None) -> int | None:
    """Of a date such as "1973-03-24", "1973" or ""."""
    found = re.match(r"(\d{4})(?:-|$)", text or "")
    return int(found[1]) or None if found else None


def _without_tags(text: str) -> str:
    parser = _Text()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts)


def _is_control(char: str) -> bool:
    return unicodedata.category(char)[0] == "C"


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[: longest - 1].rsplit(' ', 1)[0]}…"
