"""Where the catalogue learns more than the dumps say: each source with what it tells and on which terms."""

import enum
import re
from datetime import timedelta

import msgspec


class Source(enum.StrEnum):
    """In the order in which they are asked: later ones build on what earlier ones said."""

    MUSICBRAINZ = "musicbrainz"
    COVER_ART_ARCHIVE = "cover_art_archive"
    WIKIPEDIA = "wikipedia"
    APPLE_MUSIC = "apple_music"
    SPOTIFY = "spotify"
    DISCOGS = "discogs"


class Field(enum.StrEnum):
    MUSICBRAINZ_ID = "musicbrainz_id"
    IMAGES = "images"
    TEXT = "text"
    LINKS = "links"


class SubjectKind(enum.StrEnum):
    ALBUM = "album"
    ARTIST = "artist"


class Terms(msgspec.Struct, frozen=True):
    """`shelf_life` is how long an answer counts as fresh. What is `restricted` may not be shown after it."""

    licence: str
    shelf_life: timedelta
    restricted: bool


# Less than the terms allow by more than an answer is kept in front of the service.
_DISCOGS_LIFE = timedelta(hours=6) - timedelta(minutes=5)
TERMS = {
    Source.MUSICBRAINZ: Terms("CC0-1.0", timedelta(days=90), restricted=False),
    Source.COVER_ART_ARCHIVE: Terms("cover-art-archive-terms", timedelta(days=90), restricted=False),
    Source.WIKIPEDIA: Terms("CC-BY-SA-4.0", timedelta(days=30), restricted=False),
    Source.APPLE_MUSIC: Terms("apple-music-terms", timedelta(hours=24), restricted=True),
    Source.SPOTIFY: Terms("spotify-terms", timedelta(hours=24), restricted=True),
    Source.DISCOGS: Terms("discogs-api-terms", _DISCOGS_LIFE, restricted=True),
}
# By kind of subject: what a source can say of it. One that is missing is not asked.
OFFERS: dict[SubjectKind, dict[Source, frozenset[Field]]] = {
    SubjectKind.ALBUM: {
        Source.MUSICBRAINZ: frozenset({Field.MUSICBRAINZ_ID, Field.LINKS}),
        Source.COVER_ART_ARCHIVE: frozenset({Field.IMAGES}),
        Source.WIKIPEDIA: frozenset({Field.TEXT, Field.LINKS}),
        Source.APPLE_MUSIC: frozenset({Field.IMAGES, Field.TEXT, Field.LINKS}),
        Source.SPOTIFY: frozenset({Field.LINKS}),
        Source.DISCOGS: frozenset({Field.IMAGES}),
    },
    SubjectKind.ARTIST: {
        Source.MUSICBRAINZ: frozenset({Field.MUSICBRAINZ_ID, Field.LINKS}),
        Source.WIKIPEDIA: frozenset({Field.TEXT, Field.LINKS}),
        Source.APPLE_MUSIC: frozenset({Field.TEXT, Field.LINKS}),
        Source.SPOTIFY: frozenset({Field.LINKS}),
    },
}
# A source waits for the first answer of the one before, where that is on, and then goes on without it too.
WAITS_FOR = {
    Source.COVER_ART_ARCHIVE: Source.MUSICBRAINZ,
    Source.WIKIPEDIA: Source.MUSICBRAINZ,
    Source.DISCOGS: Source.COVER_ART_ARCHIVE,
}
# Asked with what MusicBrainz found, so that a new find there is a reason to ask them again.
BUILT_ON_MUSICBRAINZ = (Source.COVER_ART_ARCHIVE, Source.WIKIPEDIA)
COVER_CHAIN = (Source.COVER_ART_ARCHIVE, Source.DISCOGS, Source.APPLE_MUSIC)

_MUSICBRAINZ_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FOREIGN_IDS = {
    Source.MUSICBRAINZ: _MUSICBRAINZ_ID,
    Source.COVER_ART_ARCHIVE: _MUSICBRAINZ_ID,
    Source.WIKIPEDIA: re.compile(r"(?!\.{1,2}$)[^\x00-\x1f#<>\[\]{|}]{1,255}"),
    Source.APPLE_MUSIC: re.compile(r"[0-9]{1,20}"),
    Source.SPOTIFY: re.compile(r"[0-9A-Za-z]{1,40}"),
    Source.DISCOGS: re.compile(r"(master|release)/[0-9]{1,12}"),
}


def is_foreign_id(source: Source, text: str) -> bool:
    """Whether the text is an id as the source spells them; Wikipedia's are the titles of its pages."""
    return _FOREIGN_IDS[source].fullmatch(text) is not None
