"""An album: a Discogs master, or a release that has no master here."""

from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from vinyl_catalog.domain.credits import Credit, credits_of
from vinyl_catalog.domain.edits import AlbumEdits
from vinyl_catalog.domain.facts import MasterFacts, ReleaseFacts
from vinyl_catalog.domain.links import Link
from vinyl_catalog.domain.lists import Versioned
from vinyl_catalog.domain.markup import readable
from vinyl_catalog.domain.names import KnownNames
from vinyl_catalog.domain.references import Wanted, wanted_by_album
from vinyl_catalog.domain.released import released_of
from vinyl_catalog.domain.releases import LabelCredit, labels_of
from vinyl_catalog.domain.sourced import DISCOGS, DUMP_LICENCE, AlbumText, Enrichment, Image
from vinyl_catalog.domain.tracks import Track, tracks_of


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
    the release whose tracks and labels stand for the album: the main one, or failing that the earliest.
    A curator's edits are laid over both; `edits` are there for what has no place in them."""

    id: UUID
    master: MasterFacts | None
    lead: ReleaseFacts | None
    lead_release_id: UUID | None
    edits: AlbumEdits | None
    enrichment: Enrichment
    version: int
    lead_version: int | None
    release_count: int
    rating: RatingSummary
    created_at: datetime
    updated_at: datetime

    @property
    def wanted(self) -> Wanted:
        """What has to be known to show it."""
        return wanted_by_album(self.master, self.lead)


class NamedAlbum(msgspec.Struct, frozen=True):
    """An album with what it wants to be shown, which it is only where somebody looks."""

    stored: StoredAlbum
    wanted: Wanted
    names: KnownNames

    def shown(self) -> Album:
        return album_of(self.stored, self.names)

    def versioned(self) -> Versioned[Album]:
        return Versioned(self.shown(), self.stored.version, self.stamp())

    def stamp(self) -> str:
        """Another whenever it is shown otherwise, known without showing it."""
        stored, names, wanted = self.stored, self.names, self.wanted
        told: list[Any] = [
            *(stored.version, stored.lead_release_id, stored.lead_version, stored.release_count),
            *(stored.rating, stored.enrichment.choices),
            *map(names.artists.get, sorted(wanted.artists)),
            *map(names.labels.get, sorted(wanted.labels)),
        ]
        if stored.enrichment.fields:
            told += [(said.source, said.field, said.fetched_at) for said in stored.enrichment.fields]
        if wanted.releases or wanted.masters:
            told += map(names.release_titles.get, sorted(wanted.releases))
            told += map(names.master_titles.get, sorted(wanted.masters))
        return blake2b(msgspec.json.encode(told), digest_size=12).hexdigest()


def album_of(stored: StoredAlbum, names: KnownNames) -> Album:
    source = stored.master or stored.lead
    if source is None:
        raise ValueError(f"album {stored.id} has neither a master nor a release")
    lead, edits, enrichment = stored.lead, stored.edits or AlbumEdits(), stored.enrichment
    return Album(
        id=stored.id,
        title=source.title,
        artists=credits_of(source.artists, names),
        year=_year_of(source),
        genres=list(source.genres),
        styles=list(source.styles),
        labels=labels_of(lead.labels, names) if lead else [],
        tracks=tracks_of(lead.tracks, names) if lead else [],
        images=enrichment.images(),
        links=_links_of(source, edits, enrichment),
        text=_text_of(stored.master, edits, enrichment, names),
        identifiers=_identifiers_of(source, edits, enrichment),
        release_count=stored.release_count,
        rating=stored.rating,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )


def _year_of(source: MasterFacts | ReleaseFacts) -> int | None:
    return source.year if isinstance(source, MasterFacts) else released_of(source.released).year


def _identifiers_of(
    source: MasterFacts | ReleaseFacts, edits: AlbumEdits, enrichment: Enrichment
) -> AlbumIdentifiers:
    musicbrainz_id = enrichment.musicbrainz_id()
    if edits.musicbrainz_id is not UNSET:
        musicbrainz_id = str(edits.musicbrainz_id) if edits.musicbrainz_id else None
    if isinstance(source, MasterFacts):
        return AlbumIdentifiers(source.discogs_master_id, source.discogs_main_release_id, musicbrainz_id)
    return AlbumIdentifiers(None, source.discogs_release_id or None, musicbrainz_id)


def _page_of(source: MasterFacts | ReleaseFacts) -> list[Link]:
    """None for an album that a curator made."""
    if isinstance(source, MasterFacts):
        return [Link("discogs", f"{DISCOGS}/master/{source.discogs_master_id}")]
    if not source.discogs_release_id:
        return []
    return [Link("discogs", f"{DISCOGS}/release/{source.discogs_release_id}")]


def _links_of(source: MasterFacts | ReleaseFacts, edits: AlbumEdits, enrichment: Enrichment) -> list[Link]:
    if edits.links is not UNSET:
        return [*_page_of(source), *edits.links]
    videos = [Link("video", video.url) for video in source.videos]
    return enrichment.links([*_page_of(source), *videos])


def _text_of(
    master: MasterFacts | None, edits: AlbumEdits, enrichment: Enrichment, names: KnownNames
) -> AlbumText | None:
    if edits.text is not UNSET:
        text = edits.text
        return AlbumText(text.content, text.source, text.licence, text.url) if text else None
    return enrichment.text(_text_of_dump(master, names))


def _text_of_dump(master: MasterFacts | None, names: KnownNames) -> AlbumText | None:
    if master is None or not master.notes:
        return None
    url = f"{DISCOGS}/master/{master.discogs_master_id}"
    return AlbumText(readable(master.notes, names.of), "discogs", DUMP_LICENCE, url)
