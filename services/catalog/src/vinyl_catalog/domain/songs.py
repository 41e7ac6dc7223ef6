"""A song: a playable track of an album."""

from uuid import UUID

import msgspec

from vinyl_catalog.domain.credits import Credit, credits_of
from vinyl_catalog.domain.durations import seconds_of
from vinyl_catalog.domain.facts import SourceCredit, SourceTrack
from vinyl_catalog.domain.names import KnownNames

MOST_SONGS = (1 << 16) - 1


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
    """The id of a release's nth song, counted from 1: the same whenever the release is imported again."""
    return UUID(int=release_id.int | number)


def place_of(song_id: UUID) -> tuple[UUID, int]:
    """The release and the number that a song's id holds."""
    return release_id_from(song_id), song_id.int & MOST_SONGS


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
