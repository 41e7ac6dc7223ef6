"""What a record refers to by Discogs' ids, to be looked up before it is read."""

from collections.abc import Iterable

import msgspec

from vinyl_catalog.domain.facts import (
    ArtistFacts,
    LabelFacts,
    MasterFacts,
    ReleaseFacts,
    SourceCompany,
    SourceCredit,
    SourceLabel,
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

    def add_credits(self, source: Iterable[SourceCredit]) -> None:
        for credit in source:
            if credit.discogs_artist_id:
                self.artists.add(credit.discogs_artist_id)

    def add_tracks(self, source: Iterable[SourceTrack]) -> None:
        for track in source:
            if track.artists or track.credits:
                self.add_credits((*track.artists, *track.credits))
            if track.sub_tracks:
                self.add_tracks(track.sub_tracks)

    def add_labels(self, source: Iterable[SourceLabel | SourceCompany]) -> None:
        for label in source:
            if label.discogs_label_id:
                self.labels.add(label.discogs_label_id)

    def add_text(self, text: str | None) -> None:
        """The records that a text with markup names by number."""
        if not text or "[" not in text:
            return
        kinds = {
            "artist": self.artists,
            "label": self.labels,
            "release": self.releases,
            "master": self.masters,
        }
        for mention in mentions_in(text):
            if mention.discogs_id <= _MOST_ID:
                kinds[mention.kind].add(mention.discogs_id)


def together(each: Iterable[Wanted]) -> Wanted:
    whole = Wanted()
    for wanted in each:
        whole.artists.update(wanted.artists)
        whole.labels.update(wanted.labels)
        whole.releases.update(wanted.releases)
        whole.masters.update(wanted.masters)
    return whole


def wanted_by(*records: Facts | None) -> Wanted:
    """Everything that has to be known to read these records whole."""
    wanted = Wanted()
    for record in records:
        if isinstance(record, ReleaseFacts):
            _want_of_release(record, wanted)
        elif isinstance(record, MasterFacts):
            wanted.add_credits(record.artists)
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


def wanted_by_album(master: MasterFacts | None, lead: ReleaseFacts | None) -> Wanted:
    """What an album shows of the two, which is much less than they hold."""
    wanted = Wanted()
    if source := master or lead:
        wanted.add_credits(source.artists)
    if master:
        wanted.add_text(master.notes)
    if lead:
        wanted.add_tracks(lead.tracks)
        wanted.add_labels(lead.labels)
    return wanted


def _want_of_release(record: ReleaseFacts, wanted: Wanted) -> None:
    wanted.add_credits((*record.artists, *record.credits))
    wanted.add_tracks(record.tracks)
    wanted.add_labels((*record.labels, *record.companies))
    wanted.add_text(record.notes)
