"""Discogs' markup in profiles and notes, resolved to text that a person can read."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_NUMBERED = re.compile(r"\[([alrm])=?(\d+)\]", re.IGNORECASE)
_NAMED = re.compile(r"\[([alrm])=([^\]]*)\]", re.IGNORECASE)
_LINK = re.compile(r"\[url=([^\]]*)\](.*?)\[/url\]", re.IGNORECASE | re.DOTALL)
_STYLE = re.compile(r"\[/?(?:b|i|u|s|url|quote|img)\]", re.IGNORECASE)
_LEFT_OPEN = re.compile(r"\[(?:url|img)=([^\]]*)\]", re.IGNORECASE)
_KINDS = {"a": "artist", "l": "label", "r": "release", "m": "master"}


class Mention(NamedTuple):
    """A record that a text names by number alone; `kind` is artist, label, release or master."""

    kind: str
    discogs_id: int


NameOf = Callable[[Mention], str | None]


def mentions_in(text: str | None) -> Iterator[Mention]:
    """What must be looked up before the text can be read."""
    for kind, number in _NUMBERED.findall(text or ""):
        yield _mention(kind, number)


def readable(text: str, name_of: NameOf) -> str:
    """Without markup. A number that names nothing known reads "artist 123"; a link keeps its address."""

    def numbered(match: re.Match[str]) -> str:
        mention = _mention(match[1], match[2])
        return name_of(mention) or f"{mention.kind} {mention.discogs_id}"

    if "[" not in text:
        return text
    text = _NUMBERED.sub(numbered, text)
    text = _NAMED.sub(lambda match: match[2].strip(), text)
    text = _LINK.sub(_link_text, text)
    return _STYLE.sub("", _LEFT_OPEN.sub(r"\1", text))


def _mention(kind: str, number: str) -> Mention:
    return Mention(_KINDS[kind.lower()], int(number[:18]))


def _link_text(match: re.Match[str]) -> str:
    address, words = match[1].strip(), match[2].strip()
    if not words or words == address:
        return address
    return f"{words} ({address})" if address.startswith(("http://", "https://")) else words
