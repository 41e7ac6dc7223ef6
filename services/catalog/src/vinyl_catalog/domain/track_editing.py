"""Songs as entries of a track list: added, replaced and removed one at a time, by their numbers."""

from collections.abc import Callable, Iterator
from itertools import count

import msgspec

from vinyl_catalog.domain.facts import SourceTrack
from vinyl_catalog.domain.tracks import TrackKind, kind_of, numbered_songs

Tracks = tuple[SourceTrack, ...]


def with_numbers(tracks: Tracks) -> Tracks:
    """Every song with the number that it goes by already."""
    return _numbered(tracks, count(1))


def with_song(tracks: Tracks, song: SourceTrack) -> tuple[Tracks, int]:
    """With the song at the end, and its number there."""
    number = max(numbered_songs(tracks), default=0) + 1
    return (*with_numbers(tracks), msgspec.structs.replace(song, number=number)), number


def with_changed_song(
    tracks: Tracks, number: int, change: Callable[[SourceTrack], SourceTrack | None]
) -> Tracks:
    """`change` gives None for a song that is to go; an index goes with its last song."""
    return tuple(_changed(with_numbers(tracks), number, change))


def _numbered(tracks: Tracks, places: Iterator[int]) -> Tracks:
    numbered = []
    for track in tracks:
        match kind_of(track):
            case TrackKind.TRACK:
                place = next(places)
                numbered.append(msgspec.structs.replace(track, number=track.number or place))
            case TrackKind.INDEX:
                inside = _numbered(track.sub_tracks, places)
                numbered.append(msgspec.structs.replace(track, sub_tracks=inside))
            case TrackKind.HEADING:
                numbered.append(track)
    return tuple(numbered)


def _changed(
    tracks: Tracks, number: int, change: Callable[[SourceTrack], SourceTrack | None]
) -> Iterator[SourceTrack]:
    for track in tracks:
        if track.sub_tracks:
            inside = tuple(_changed(track.sub_tracks, number, change))
            if inside:
                yield msgspec.structs.replace(track, sub_tracks=inside)
        elif track.number != number:
            yield track
        elif changed := change(track):
            yield changed
