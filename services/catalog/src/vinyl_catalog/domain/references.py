"""What a record refers to by Discogs' ids, to be looked up before it is read."""

from collections.abc import Iterable, Iterator

import msgspec

from vinyl_catalog.domain.facts import (
    ArtistFacts,
    LabelFacts,
    MasterFacts,
    ReleaseFacts,
    SourceCredit,
    SourceTrack,
)
from vinyl_catalog.domain.markup import mentions_in

Facts = MasterFacts | ReleaseFacts | ArtistFacts | LabelFacts
_MOST_ID = (1 << 63) - 1


class Wanted(msgspec.Struct, frozen=True):
    artists: set[int] = msgspec.field(default_factory=set)
    labels: set[int] = msgspec.field(default_factory=set)
    releases: set[int] = msgspec.field(default_factory=set)
    masters: set[int] = msgspec.field(default_factory=set)

    def add_text(self, text: str | None) -> None:
        """The records that a text with markup names by number."""
        kinds = {
            "artist": self.artists,
            "label": self.labels,
            "release": self.releases,
            "master": self.masters,
        }
        for mention in mentions_in(text):
            if mention.discogs_id <= _MOST_ID:
                kinds[mention.kind].add(mention.discogs_id)


def wanted_by(*records: Facts | None) -> Wanted:
    """Everything that has to be known to read these records whole."""
    wanted = Wanted()
    for record in records:
        if isinstance(record, ReleaseFacts):
            _want_of_release(record, wanted)
        elif isinstance(record, MasterFacts):
            wanted.artists.update(_credited(record.artists))
            wanted.add_text(record.notes)
        elif isinstance(record, ArtistFacts):
            wanted.artists.update(
                each.discogs_id for each in (*record.aliases, *record.members, *record.groups)
            )
            wanted.add_text(record.profile)
        elif isinstance(record, LabelFacts):
            wanted.labels.update([record.parent.discogs_id] if record.parent else [])
            wanted.add_text(record.profile)
    return wanted


def _want_of_release(record: ReleaseFacts, wanted: Wanted) -> None:
    wanted.artists.update(_credited(record.artists))
    wanted.artists.update(_credited(record.credits))
    wanted.artists.update(_credited_on(record.tracks))
    wanted.labels.update(label.discogs_label_id for label in record.labels if label.discogs_label_id)
    wanted.labels.update(each.discogs_label_id for each in record.companies if each.discogs_label_id)
    wanted.add_text(record.notes)


def _credited(source: Iterable[SourceCredit]) -> Iterator[int]:
    return (credit.discogs_artist_id for credit in source if credit.discogs_artist_id)


def _credited_on(tracks: Iterable[SourceTrack]) -> Iterator[int]:
    for track in tracks:
        if track.artists or track.credits:
            yield from _credited((*track.artists, *track.credits))
        if track.sub_tracks:
            yield from _credited_on(track.sub_tracks)
