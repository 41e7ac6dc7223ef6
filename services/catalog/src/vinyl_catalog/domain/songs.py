"""A song: a playable track of an album."""

from typing import NamedTuple
from uuid import UUID

import msgspec

from vinyl_catalog.domain.credits import Credit, credits_of
from vinyl_catalog.domain.durations import seconds_of
from vinyl_catalog.domain.facts import SourceCredit, SourceTrack
from vinyl_catalog.domain.names import KnownNames

MOST_SONGS = (1 << 16) - 1


class SongPlace(NamedTuple):
    """The release that stands for the album, and the song's number on it, from 1."""

    release_id: UUID
    number: int


class Song(msgspec.Struct, frozen=True):
    id: UUID
    title: str
    album_id: UUID
    artists: list[Credit]
    position: str | None
    duration_seconds: int | None


def release_id_from(identifier: UUID) -> UUID:
    """An id whose last 16 bits are free for the numbers of a release's songs."""
    return UUID(int=identifier.int & ~MOST_SONGS)


def song_id_of(release_id: UUID, number: int) -> UUID:
    """The same whenever the release is imported again."""
    return UUID(int=release_id.int | number)


def place_of(song_id: UUID) -> SongPlace:
    return SongPlace(release_id_from(song_id), song_id.int & MOST_SONGS)


def song_of(
    song_id: UUID,
    album_id: UUID,
    track: SourceTrack,
    album_artists: tuple[SourceCredit, ...],
    names: KnownNames,
) -> Song:
    """A track without artists of its own is by the album's."""
    return Song(
        id=song_id,
        title=track.title,
        album_id=album_id,
        artists=credits_of(track.artists or album_artists, names),
        position=track.position,
        duration_seconds=seconds_of(track.duration),
    )
