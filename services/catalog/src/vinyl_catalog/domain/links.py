"""Addresses elsewhere, and what stands there."""

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


class Link(msgspec.Struct, frozen=True):
    """`kind` is "homepage" where the place is none that is known."""

    kind: str
    url: str


def link_to(url: str) -> Link:
    return Link(_kind_of(url), url)


def _kind_of(url: str) -> str:
    try:
        host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").removeprefix("www.")
    except ValueError:
        return "homepage"
    for known, kind in _KINDS.items():
        if host == known or host.endswith(f".{known}"):
            return kind
    return "homepage"
