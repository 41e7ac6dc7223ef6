"""An artist: a person or a group, with or without a record of its own."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from vinyl_catalog.domain.edits import ArtistEdits, laid_over_artist
from vinyl_catalog.domain.facts import ArtistFacts, Reference
from vinyl_catalog.domain.links import Link, link_to
from vinyl_catalog.domain.markup import readable
from vinyl_catalog.domain.names import KnownNames, Named


class ArtistIdentifiers(msgspec.Struct, frozen=True):
    discogs_artist_id: int | None
    musicbrainz_id: str | None


class Artist(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    real_name: str | None
    profile: str | None
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
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def shown_facts(self) -> ArtistFacts:
        """With the curator's edits laid over them."""
        return laid_over_artist(self.edits, self.facts or ArtistFacts(self.discogs_artist_id or 0, self.name))


def artist_of(stored: StoredArtist, names: KnownNames) -> Artist:
    facts = stored.shown_facts
    number = stored.discogs_artist_id
    musicbrainz_id = stored.edits.musicbrainz_id if stored.edits else None
    return Artist(
        id=stored.id,
        name=facts.name,
        real_name=facts.real_name,
        profile=readable(facts.profile, names.of) if facts.profile else None,
        name_variations=list(facts.name_variations),
        aliases=_named(facts.aliases, names),
        members=_named(facts.members, names),
        groups=_named(facts.groups, names),
        links=[link_to(url) for url in facts.urls],
        identifiers=ArtistIdentifiers(
            number if number and number > 0 else None, str(musicbrainz_id) if musicbrainz_id else None
        ),
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )


def _named(references: Iterable[Reference], names: KnownNames) -> list[Named]:
    return [named for each in references if (named := names.artist(each.discogs_id, each.name))]
