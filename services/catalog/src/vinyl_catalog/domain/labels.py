"""A label: the name under which releases come out, or a company that had a hand in them."""

from datetime import datetime
from uuid import UUID

import msgspec

from vinyl_catalog.domain.facts import LabelFacts
from vinyl_catalog.domain.links import Link, link_to
from vinyl_catalog.domain.markup import readable
from vinyl_catalog.domain.names import KnownNames, Named


class Label(msgspec.Struct, frozen=True):
    """`sublabels` are those that name this one as parent, `album_count` how many albums came out on it."""

    id: UUID
    name: str
    profile: str | None
    contact: str | None
    parent: Named | None
    sublabels: list[Named]
    links: list[Link]
    discogs_label_id: int | None
    album_count: int
    created_at: datetime
    updated_at: datetime


class StoredLabel(msgspec.Struct, frozen=True):
    """`facts` is None for a label that is only named by others and has no record."""

    id: UUID
    name: str
    discogs_label_id: int | None
    facts: LabelFacts | None
    sublabels: list[Named]
    album_count: int
    created_at: datetime
    updated_at: datetime


def label_of(stored: StoredLabel, names: KnownNames) -> Label:
    facts = stored.facts or LabelFacts(stored.discogs_label_id or 0, stored.name)
    return Label(
        id=stored.id,
        name=stored.name,
        profile=readable(facts.profile, names.of) if facts.profile else None,
        contact=facts.contact,
        parent=names.label(facts.parent.discogs_id, facts.parent.name) if facts.parent else None,
        sublabels=stored.sublabels,
        links=[link_to(url) for url in facts.urls],
        discogs_label_id=stored.discogs_label_id,
        album_count=stored.album_count,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )
