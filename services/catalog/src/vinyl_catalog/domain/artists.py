"""An artist: a person or a group, with or without a record of its own."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET

from vinyl_catalog.domain.edits import ArtistEdits, laid_over_artist
from vinyl_catalog.domain.facts import ArtistFacts, Reference
from vinyl_catalog.domain.links import Link, link_to
from vinyl_catalog.domain.markup import readable
from vinyl_catalog.domain.names import KnownNames, Named
from vinyl_catalog.domain.sourced import DISCOGS, DUMP_LICENCE, AlbumText, Enrichment


class ArtistIdentifiers(msgspec.Struct, frozen=True):
    discogs_artist_id: int | None
    musicbrainz_id: str | None


class Artist(msgspec.Struct, frozen=True):
    """`text` is the profile with its source and licence."""

    id: UUID
    name: str
    real_name: str | None
    profile: str | None
    text: AlbumText | None
    name_variations: list[str]
    aliases: list[Named]
    members: list[Named]
    groups: list[Named]
    links: list[Link]
    identifiers: ArtistIdentifiers
    created_at: datetime
    updated_at: datetime


class StoredArtist(msgspec.Struct, frozen=True):
    """`facts` is None for an artist that is only credited and has no record. The number of one that a curator
    made is below zero; nobody but the catalogue itself knows it."""

    id: UUID
    name: str
    discogs_artist_id: int | None
    facts: ArtistFacts | None
    edits: ArtistEdits | None
    enrichment: Enrichment
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def shown_facts(self) -> ArtistFacts:
        """With the curator's edits laid over them."""
        return laid_over_artist(self.edits, self.facts or ArtistFacts(self.discogs_artist_id or 0, self.name))


def artist_of(stored: StoredArtist, names: KnownNames) -> Artist:
    facts = stored.shown_facts
    edits, number = stored.edits or ArtistEdits(), stored.discogs_artist_id
    musicbrainz_id = stored.enrichment.musicbrainz_id()
    if edits.musicbrainz_id is not UNSET:
        musicbrainz_id = str(edits.musicbrainz_id) if edits.musicbrainz_id else None
    text = _text_of(stored, facts, edits, names)
    links = [link_to(url) for url in facts.urls]
    return Artist(
        id=stored.id,
        name=facts.name,
        real_name=facts.real_name,
        profile=text.content if text else None,
        text=text,
        name_variations=list(facts.name_variations),
        aliases=_named(facts.aliases, names),
        members=_named(facts.members, names),
        groups=_named(facts.groups, names),
        links=stored.enrichment.links(links) if edits.urls is UNSET else links,
        identifiers=ArtistIdentifiers(number if number and number > 0 else None, musicbrainz_id),
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )


def _text_of(
    stored: StoredArtist, facts: ArtistFacts, edits: ArtistEdits, names: KnownNames
) -> AlbumText | None:
    profile = readable(facts.profile, names.of) if facts.profile else None
    if edits.profile is not UNSET:
        return AlbumText(profile, "curator", None, None) if profile else None
    page = f"{DISCOGS}/artist/{stored.discogs_artist_id}"
    return stored.enrichment.text(AlbumText(profile, "discogs", DUMP_LICENCE, page) if profile else None)


def _named(references: Iterable[Reference], names: KnownNames) -> list[Named]:
    return [named for each in references if (named := names.artist(each.discogs_id, each.name))]
