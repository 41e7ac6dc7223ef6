"""An album: a Discogs master, or a release that has no master here."""

from datetime import datetime
from uuid import UUID

import msgspec

from vinyl_catalog.domain.credits import Credit, credits_of
from vinyl_catalog.domain.facts import MasterFacts, ReleaseFacts, SourceVideo
from vinyl_catalog.domain.links import Link
from vinyl_catalog.domain.markup import readable
from vinyl_catalog.domain.names import KnownNames
from vinyl_catalog.domain.released import released_of
from vinyl_catalog.domain.releases import LabelCredit, labels_of
from vinyl_catalog.domain.tracks import Track, tracks_of

DISCOGS = "https://www.discogs.com"
DUMP_LICENCE = "CC0-1.0"


class Image(msgspec.Struct, frozen=True):
    url: str
    width: int | None
    height: int | None
    kind: str
    source: str
    licence: str | None


class AlbumText(msgspec.Struct, frozen=True):
    content: str
    source: str
    licence: str | None
    url: str | None


class AlbumIdentifiers(msgspec.Struct, frozen=True):
    discogs_master_id: int | None
    discogs_main_release_id: int | None
    musicbrainz_id: str | None


class RatingSummary(msgspec.Struct, frozen=True):
    """What listeners think, as the rating service last told; the averages are None where nobody rated."""

    count: int = 0
    average: float | None = None
    bayesian_average: float | None = None


class Album(msgspec.Struct, frozen=True):
    id: UUID
    title: str
    artists: list[Credit]
    year: int | None
    genres: list[str]
    styles: list[str]
    labels: list[LabelCredit]
    tracks: list[Track]
    images: list[Image]
    links: list[Link]
    text: AlbumText | None
    identifiers: AlbumIdentifiers
    release_count: int
    rating: RatingSummary
    created_at: datetime
    updated_at: datetime


class StoredAlbum(msgspec.Struct, frozen=True):
    """An album as the store holds it. `master` is None for an album that is one release by itself; `lead` is
    the release whose tracks and labels stand for the album: the main one, or failing that the earliest."""

    id: UUID
    master: MasterFacts | None
    lead: ReleaseFacts | None
    release_count: int
    rating: RatingSummary
    created_at: datetime
    updated_at: datetime


def album_of(stored: StoredAlbum, names: KnownNames) -> Album:
    source = stored.master or stored.lead
    if source is None:
        raise ValueError(f"album {stored.id} has neither a master nor a release")
    lead = stored.lead
    return Album(
        id=stored.id,
        title=source.title,
        artists=credits_of(source.artists, names),
        year=_year_of(source),
        genres=list(source.genres),
        styles=list(source.styles),
        labels=labels_of(lead.labels, names) if lead else [],
        tracks=tracks_of(lead.tracks, names) if lead else [],
        images=[],
        links=[_page_of(source), *_videos_of(source.videos)],
        text=_text_of(stored.master, names),
        identifiers=_identifiers_of(source),
        release_count=stored.release_count,
        rating=stored.rating,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )


def _year_of(source: MasterFacts | ReleaseFacts) -> int | None:
    return source.year if isinstance(source, MasterFacts) else released_of(source.released).year


def _identifiers_of(source: MasterFacts | ReleaseFacts) -> AlbumIdentifiers:
    if isinstance(source, MasterFacts):
        return AlbumIdentifiers(source.discogs_master_id, source.discogs_main_release_id, None)
    return AlbumIdentifiers(None, source.discogs_release_id, None)


def _page_of(source: MasterFacts | ReleaseFacts) -> Link:
    if isinstance(source, MasterFacts):
        return Link("discogs", f"{DISCOGS}/master/{source.discogs_master_id}")
    return Link("discogs", f"{DISCOGS}/release/{source.discogs_release_id}")


def _videos_of(videos: tuple[SourceVideo, ...]) -> list[Link]:
    return [Link("video", video.url) for video in videos]


def _text_of(master: MasterFacts | None, names: KnownNames) -> AlbumText | None:
    if master is None or not master.notes:
        return None
    url = f"{DISCOGS}/master/{master.discogs_master_id}"
    return AlbumText(readable(master.notes, names.of), "discogs", DUMP_LICENCE, url)
