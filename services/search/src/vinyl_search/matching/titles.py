"""Free titles of listings against an album: all of its words, and nothing that says otherwise."""

import re

from vinyl_search.domain.known import AlbumText
from vinyl_search.domain.listing import Match
from vinyl_search.matching.words import artist_words, words

LEAST_CONFIDENCE = 0.6
_VINYL = re.compile(
    r"""\b(vinyl|lps?|records?|\d+\s?x\s?lp)\b|\b(7|10|12)\s?(?:"|''|″|”|inch)""", re.IGNORECASE
)
# What a title may not say unless the album's own name does, and the reason to show.
_NOT_A_RECORD = {
    "another medium": re.compile(
        r"\b(cds?|cdr|sacd|dvds?|blu-?ray|cassettes?|tapes?|mc|8[- ]track|reel|vhs|mp3|flac|digital)\b",
        re.IGNORECASE,
    ),
    "only a part": re.compile(
        r"\b(covers? only|sleeves? only|jackets? only|no (vinyl|record|lp|disc)s?|empty (sleeve|cover|jacket)"
        r"|(sleeve|cover|jacket|inserts?|obi) (only|no vinyl)|box only)\b",
        re.IGNORECASE,
    ),
    "something else": re.compile(
        r"\b(posters?|t-?shirts?|shirts?|hoodies?|mugs?|magnets?|stickers?|patch|badges?|pins?|keyrings?|books?"
        r"|magazines?|tickets?|sheet music|songbook|clock|coasters?|framed|wall art|canvas|photos?)\b",
        re.IGNORECASE,
    ),
    "several records": re.compile(
        r"\b(lots? of|job lot|joblot|bundle|collection of|you (pick|choose)|u pick|pick your)\b",
        re.IGNORECASE,
    ),
    "not by the artist": re.compile(
        r"\b(tribute|karaoke|bootleg|unofficial|cover version|in the style of)\b", re.IGNORECASE
    ),
}


def objection(title: str, album: AlbumText) -> str | None:
    """Why a listing of this title is not a copy of the album, whatever words they share."""
    own = f"{album.artist} {album.title}"
    for reason, pattern in _NOT_A_RECORD.items():
        if pattern.search(title) and not pattern.search(own):
            return reason
    return None


def match_title(title: str, album: AlbumText) -> Match | None:
    """None below LEAST_CONFIDENCE. A title proves an album at best, never a pressing."""
    offered = set(words(title))
    by, called = artist_words(album.artist), words(album.title)
    if not by or not called or not offered.issuperset({*by, *called}) or objection(title, album):
        return None
    confidence, reasons = LEAST_CONFIDENCE, ["title names artist and album"]
    if _VINYL.search(title):
        confidence, reasons = confidence + 0.15, [*reasons, "title says vinyl"]
    if album.year is not None and str(album.year) in offered:
        confidence, reasons = confidence + 0.1, [*reasons, "title has the year"]
    if _names_catalog_number(title, album.catalog_numbers):
        confidence, reasons = confidence + 0.1, [*reasons, "title has a catalogue number"]
    if _self_titled(by, called):
        confidence -= 0.2
    if confidence < LEAST_CONFIDENCE:
        return None
    return Match(None, album.album_id, round(confidence, 2), tuple(reasons))


def _self_titled(by: tuple[str, ...], called: tuple[str, ...]) -> bool:
    """Such words are in the title of each of the artist's other records too."""
    return set(called) <= set(by)


def _names_catalog_number(title: str, numbers: tuple[str, ...]) -> bool:
    offered = "".join(words(title))
    return any(
        len(number) >= 5 and number in offered for number in ("".join(words(each)) for each in numbers)
    )
