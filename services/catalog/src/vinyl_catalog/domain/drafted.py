"""A curator's draft as edits: ids become the numbers by which documents name artists and labels."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from vinyl_catalog.domain.drafts import (
    AlbumChanges,
    ArtistChanges,
    ArtistReference,
    CreditDraft,
    LabelDraft,
    LinkDraft,
    TextDraft,
    TrackDraft,
)
from vinyl_catalog.domain.edits import AlbumEdits, ArtistEdits, EditedText
from vinyl_catalog.domain.facts import Reference, SourceCredit, SourceLabel, SourceTrack
from vinyl_catalog.domain.links import Link, link_to
from vinyl_catalog.domain.tracks import TrackKind, numbered_songs
from vinyl_contracts.errors import FieldError, Invalid

_MOST_SONGS = 2000


class Numbered(msgspec.Struct, frozen=True):
    """An artist or a label that is here: its name, and the number by which documents call it."""

    number: int
    name: str


class Known(msgspec.Struct, frozen=True):
    """What a draft refers to, of that which is here."""

    artists: Mapping[UUID, Numbered] = {}
    labels: Mapping[UUID, Numbered] = {}


def artist_ids_in(changes: AlbumChanges | ArtistChanges) -> set[UUID]:
    if isinstance(changes, ArtistChanges):
        lists = (changes.aliases, changes.members, changes.groups)
        return {each.id for listed in lists if listed is not UNSET for each in listed}
    credited = list(changes.artists or [])
    for track in _every(changes.tracks or []):
        credited += [*track.artists, *track.credits]
    return {credit.artist_id for credit in credited if credit.artist_id}


def label_ids_in(changes: AlbumChanges) -> set[UUID]:
    return {label.id for label in changes.labels or [] if label.id}


def album_edits_of(changes: AlbumChanges, known: Known, former: tuple[SourceTrack, ...]) -> AlbumEdits:
    """Songs of the album's `former` tracks keep their numbers, and so their ids. Raises Invalid."""
    return AlbumEdits(
        title=_line(changes.title),
        artists=_each(changes.artists, lambda credit, at: credit_of(credit, known, f"artists{at}")),
        year=changes.year,
        genres=_words(changes.genres),
        styles=_words(changes.styles),
        labels=_each(changes.labels, lambda label, at: _label_of(label, known, f"labels{at}")),
        tracks=UNSET if changes.tracks is UNSET else _tracks_of(changes.tracks, known, former),
        text=_text_of(changes.text) if isinstance(changes.text, TextDraft) else changes.text,
        links=_each(changes.links, lambda link, _at: _link_of(link)),
        musicbrainz_id=changes.musicbrainz_id,
    )


def artist_edits_of(changes: ArtistChanges, known: Known) -> ArtistEdits:
    """Raises Invalid."""
    return ArtistEdits(
        name=_line(changes.name),
        real_name=_line(changes.real_name),
        profile=_line(changes.profile),
        name_variations=_words(changes.name_variations),
        aliases=_each(changes.aliases, lambda each, at: _reference(each, known, f"aliases{at}")),
        members=_each(changes.members, lambda each, at: _reference(each, known, f"members{at}")),
        groups=_each(changes.groups, lambda each, at: _reference(each, known, f"groups{at}")),
        urls=_each(changes.links, lambda link, _at: link.url),
        musicbrainz_id=changes.musicbrainz_id,
    )


def credit_of(draft: CreditDraft, known: Known, field: str) -> SourceCredit:
    artist = known.artists.get(draft.artist_id) if draft.artist_id else None
    if draft.artist_id and artist is None:
        raise Invalid.field(f"{field}.artist_id", "is no artist here")
    name = artist.name if artist else draft.name
    if name is None:
        raise Invalid.field(field, "names nobody: give artist_id or name")
    return SourceCredit(
        name=name.strip(),
        discogs_artist_id=artist.number if artist else None,
        credited_as=draft.credited_as,
        join=draft.join,
        role=draft.role,
        tracks=draft.tracks,
    )


def length_of(seconds: int | None) -> str | None:
    """As sources write it: "4:05", "1:02:03"."""
    if seconds is None:
        return None
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _tracks_of(
    drafts: list[TrackDraft], known: Known, former: tuple[SourceTrack, ...]
) -> tuple[SourceTrack, ...]:
    if sum(1 for _ in _every(drafts)) > _MOST_SONGS:
        raise Invalid.field("tracks", f"are more than {_MOST_SONGS}")
    tracks = tuple(_track_of(draft, known, f"tracks[{at}]") for at, draft in enumerate(drafts))
    return _numbered(tracks, iter(_numbers_for(list(_unnumbered(tracks)), former)))


def _numbers_for(songs: list[SourceTrack], former: tuple[SourceTrack, ...]) -> list[int]:
    """Each has the number of the former song of its title, else of that at its position, else a new one."""
    known = numbered_songs(former)
    numbers: list[int | None] = [None] * len(songs)
    for field in ("title", "position"):
        free: dict[str, list[int]] = {}
        for number, song in known.items():
            free.setdefault(getattr(song, field) or "", []).append(number)
        for at, song in enumerate(songs):
            same = free.get(getattr(song, field) or "") if getattr(song, field) else None
            if numbers[at] is None and same:
                number = same.pop(0)
                numbers[at] = number
                del known[number]
    new = count(max(numbered_songs(former), default=0) + 1)
    return [next(new) if number is None else number for number in numbers]


def _numbered(tracks: tuple[SourceTrack, ...], numbers: Iterator[int]) -> tuple[SourceTrack, ...]:
    return tuple(
        msgspec.structs.replace(
            track,
            sub_tracks=_numbered(track.sub_tracks, numbers),
            number=None if track.number is None else next(numbers),
        )
        for track in tracks
    )


def _unnumbered(tracks: Iterable[SourceTrack]) -> Iterator[SourceTrack]:
    for track in tracks:
        yield from _unnumbered(track.sub_tracks)
        if track.number is not None:
            yield track


def _track_of(draft: TrackDraft, known: Known, field: str, depth: int = 0) -> SourceTrack:
    """A song has the number 0 until all are known."""
    if draft.sub_tracks and depth > 1:
        raise Invalid.field(f"{field}.sub_tracks", "are nested too deeply")
    is_song = draft.kind is TrackKind.TRACK or (
        draft.kind is None and bool(draft.position or draft.duration_seconds is not None)
    )
    if is_song and not draft.title:
        raise Invalid.field(f"{field}.title", "is needed")
    return SourceTrack(
        title=draft.title.strip(),
        position=draft.position,
        duration=length_of(draft.duration_seconds),
        artists=tuple(
            credit_of(each, known, f"{field}.artists[{at}]") for at, each in enumerate(draft.artists)
        ),
        credits=tuple(
            credit_of(each, known, f"{field}.credits[{at}]") for at, each in enumerate(draft.credits)
        ),
        sub_tracks=tuple(
            _track_of(each, known, f"{field}.sub_tracks[{at}]", depth + 1)
            for at, each in enumerate(draft.sub_tracks)
        ),
        number=0 if is_song and not draft.sub_tracks else None,
    )


def _every(drafts: Iterable[TrackDraft]) -> Iterator[TrackDraft]:
    for draft in drafts:
        yield draft
        yield from _every(draft.sub_tracks)


def _label_of(draft: LabelDraft, known: Known, field: str) -> SourceLabel:
    label = known.labels.get(draft.id) if draft.id else None
    if draft.id and label is None:
        raise Invalid.field(f"{field}.id", "is no label here")
    name = label.name if label else draft.name
    if name is None:
        raise Invalid.field(field, "names no label: give id or name")
    return SourceLabel(name.strip(), label.number if label else None, draft.catalog_number)


def _reference(draft: ArtistReference, known: Known, field: str) -> Reference:
    artist = known.artists.get(draft.id)
    if artist is None:
        raise Invalid(
            "An artist that is named is not here.", [FieldError(f"{field}.id", "is no artist here")]
        )
    return Reference(artist.number, artist.name)


def _link_of(draft: LinkDraft) -> Link:
    return Link(draft.kind, draft.url) if draft.kind else link_to(draft.url)


def _text_of(draft: TextDraft) -> EditedText:
    return EditedText(draft.content, draft.source, draft.licence, draft.url)


def _line(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _words(values: Any) -> Any:
    return values if values is UNSET else tuple(dict.fromkeys(value.strip() for value in values))


def _each(drafts: Any, made_of: Any) -> Any:
    return drafts if drafts is UNSET else tuple(made_of(each, f"[{at}]") for at, each in enumerate(drafts))
