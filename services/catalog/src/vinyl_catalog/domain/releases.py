"""A release: one pressing of an album."""

from datetime import datetime
from uuid import UUID

import msgspec

from vinyl_catalog.domain.countries import country_code_of
from vinyl_catalog.domain.credits import Credit, credits_of
from vinyl_catalog.domain.facts import ReleaseFacts, SourceFormat, SourceLabel
from vinyl_catalog.domain.markup import readable
from vinyl_catalog.domain.names import KnownNames
from vinyl_catalog.domain.released import Released, released_of
from vinyl_catalog.domain.tracks import Track, tracks_of


class Format(msgspec.Struct, frozen=True):
    name: str
    quantity: int | None
    text: str | None
    descriptions: list[str]


class LabelCredit(msgspec.Struct, frozen=True):
    id: UUID | None
    name: str
    catalog_number: str | None


class Identifier(msgspec.Struct, frozen=True):
    type: str
    value: str
    description: str | None


class Company(msgspec.Struct, frozen=True):
    id: UUID | None
    name: str
    role: str | None
    catalog_number: str | None


class Video(msgspec.Struct, frozen=True):
    url: str
    title: str | None
    duration_seconds: int | None


class Release(msgspec.Struct, frozen=True):
    """`country` is the source's word, `country_code` its ISO code or None."""

    id: UUID
    album_id: UUID
    title: str
    artists: list[Credit]
    credits: list[Credit]
    country: str | None
    country_code: str | None
    released: Released
    formats: list[Format]
    labels: list[LabelCredit]
    identifiers: list[Identifier]
    companies: list[Company]
    tracks: list[Track]
    genres: list[str]
    styles: list[str]
    notes: str | None
    videos: list[Video]
    discogs_release_id: int | None
    is_main_release: bool
    created_at: datetime
    updated_at: datetime


class StoredRelease(msgspec.Struct, frozen=True):
    """A release as the store holds it: what the source says of it, and its place in the catalogue."""

    id: UUID
    album_id: UUID
    facts: ReleaseFacts
    created_at: datetime
    updated_at: datetime


def release_of(stored: StoredRelease, names: KnownNames) -> Release:
    facts = stored.facts
    return Release(
        id=stored.id,
        album_id=stored.album_id,
        title=facts.title,
        artists=credits_of(facts.artists, names),
        credits=credits_of(facts.credits, names),
        country=facts.country,
        country_code=country_code_of(facts.country),
        released=released_of(facts.released),
        formats=[_format_of(format_) for format_ in facts.formats],
        labels=labels_of(facts.labels, names),
        identifiers=[Identifier(each.type, each.value, each.description) for each in facts.identifiers],
        companies=_companies_of(facts, names),
        tracks=tracks_of(facts.tracks, names),
        genres=list(facts.genres),
        styles=list(facts.styles),
        notes=readable(facts.notes, names.of) if facts.notes else None,
        videos=[Video(video.url, video.title, video.duration_seconds) for video in facts.videos],
        discogs_release_id=facts.discogs_release_id or None,
        is_main_release=facts.is_main_release or facts.discogs_master_id is None,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )


def labels_of(source: tuple[SourceLabel, ...], names: KnownNames) -> list[LabelCredit]:
    """The labels by their own names, with the catalogue numbers that they gave."""
    labels = []
    for each in source:
        label = names.label(each.discogs_label_id, each.name)
        name = label.name if label else each.name
        labels.append(LabelCredit(label.id if label else None, name, each.catalog_number))
    return labels


def _companies_of(facts: ReleaseFacts, names: KnownNames) -> list[Company]:
    companies = []
    for each in facts.companies:
        label = names.label(each.discogs_label_id, each.name)
        name = label.name if label else each.name
        companies.append(Company(label.id if label else None, name, each.role, each.catalog_number))
    return companies


def _format_of(source: SourceFormat) -> Format:
    return Format(source.name, source.quantity, source.text, list(source.descriptions))
