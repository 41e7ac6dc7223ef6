"""Addresses elsewhere, and what stands there."""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

_KINDS = {
    "bandcamp.com": "bandcamp",
    "discogs.com": "discogs",
    "facebook.com": "facebook",
    "imdb.com": "imdb",
    "instagram.com": "instagram",
    "last.fm": "lastfm",
    "mixcloud.com": "mixcloud",
    "music.apple.com": "apple_music",
    "musicbrainz.org": "musicbrainz",
    "myspace.com": "myspace",
    "open.spotify.com": "spotify",
    "soundcloud.com": "soundcloud",
    "twitter.com": "twitter",
    "vimeo.com": "vimeo",
    "wikipedia.org": "wikipedia",
    "x.com": "twitter",
    "youtube.com": "youtube",
}
_DISCOGS_RECORD = re.compile(r"/(master|release)/([0-9]{1,12})(?![0-9])")


class Link(msgspec.Struct, frozen=True):
    """`kind` is "homepage" where the place is none that is known."""

    kind: str
    url: str


def link_to(url: str) -> Link:
    return Link(_kind_of(url), url)


class DiscogsRecord(NamedTuple):
    """`kind` is master or release."""

    kind: str
    number: int


def discogs_record_in(links: Iterable[Link]) -> DiscogsRecord | None:
    """Of the first that leads to one."""
    for link in links:
        if link.kind == "discogs" and (found := _DISCOGS_RECORD.search(link.url)):
            return DiscogsRecord(found[1], int(found[2]))
    return None


def _kind_of(url: str) -> str:
    try:
        host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").removeprefix("www.")
    except ValueError:
        return "homepage"
    for known, kind in _KINDS.items():
        if host == known or host.endswith(f".{known}"):
            return kind
    return "homepage"
