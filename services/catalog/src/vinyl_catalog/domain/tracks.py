"""Tracks of a release, and which of them are songs."""

import enum
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from vinyl_catalog.domain.credits import Credit, credits_of
from vinyl_catalog.domain.durations import seconds_of
from vinyl_catalog.domain.facts import SourceCredit, SourceTrack
from vinyl_catalog.domain.names import KnownNames
from vinyl_catalog.domain.songs import MOST_SONGS


class TrackKind(enum.StrEnum):
    TRACK = "track"
    HEADING = "heading"
    INDEX = "index"


# Looked up once: there are ten tracks to an album.
_TRACK, _HEADING, _INDEX = TrackKind


class Track(msgspec.Struct, frozen=True):
    position: str | None
    title: str
    duration_seconds: int | None
    kind: TrackKind
    artists: list[Credit]
    credits: list[Credit]
    sub_tracks: list["Track"]


# Most tracks have nothing of these, and nobody changes what is shown.
_NOBODY: list[Credit] = []
_NO_TRACKS: list[Track] = []


def kind_of(track: SourceTrack) -> TrackKind:
    """With sub-tracks an index; without position, duration and sub-tracks a heading; else a track."""
    if track.sub_tracks:
        return _INDEX
    return _TRACK if track.position or track.duration or track.number else _HEADING


def tracks_of(source: Iterable[SourceTrack], names: KnownNames) -> list[Track]:
    return [
        Track(
            track.position,
            track.title,
            seconds_of(track.duration),
            kind_of(track),
            credits_of(track.artists, names) if track.artists else _NOBODY,
            credits_of(track.credits, names) if track.credits else _NOBODY,
            tracks_of(track.sub_tracks, names) if track.sub_tracks else _NO_TRACKS,
        )
        for track in source
    ]


def songs_in(tracks: Iterable[SourceTrack]) -> Iterator[SourceTrack]:
    """Every playable track in order, those inside an index too; one without artists has its index's."""
    for track in tracks:
        kind = kind_of(track)
        if kind is TrackKind.TRACK:
            yield track
        elif kind is TrackKind.INDEX:
            for song in songs_in(track.sub_tracks):
                yield song if song.artists else _inheriting(song, track.artists)


def numbered_songs(tracks: Iterable[SourceTrack]) -> dict[int, SourceTrack]:
    """The songs in order, by the numbers in their ids: what a curator numbered keeps its number."""
    songs = islice(songs_in(tracks), MOST_SONGS)
    return {track.number or place: track for place, track in enumerate(songs, start=1)}


def _inheriting(song: SourceTrack, artists: tuple[SourceCredit, ...]) -> SourceTrack:
    return msgspec.structs.replace(song, artists=artists) if artists else song
