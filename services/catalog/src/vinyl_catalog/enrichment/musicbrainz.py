"""MusicBrainz: by Discogs' own address first, which it knows of many albums and artists, else by words."""

import msgspec

from vinyl_catalog.domain.answers import Found
from vinyl_catalog.domain.links import Link, link_to
from vinyl_catalog.domain.matching import Candidate, Subject, unnumbered
from vinyl_catalog.domain.source_budgets import Allowance
from vinyl_catalog.domain.sources import Field, Source, SubjectKind, is_foreign_id
from vinyl_catalog.enrichment import texts
from vinyl_catalog.enrichment.faults import NoSuchThing
from vinyl_catalog.enrichment.reading import Known, each_as
from vinyl_catalog.enrichment.transport import Transport

# One request a second, and a little for the way there.
ALLOWANCE = Allowance(1, 1.1)
PAGES = "https://musicbrainz.org"
_DISCOGS = "https://www.discogs.com"
_MOST_LINKS = 40
_ENTITIES = {SubjectKind.ALBUM: "release-group", SubjectKind.ARTIST: "artist"}


class _Wire(msgspec.Struct, frozen=True, rename="kebab"):
    """Any field may be null."""


class _Artist(_Wire, frozen=True, rename="kebab"):
    id: str | None = None
    name: str | None = None


class _Credit(_Wire, frozen=True, rename="kebab"):
    name: str | None = None
    joinphrase: str | None = None
    artist: _Artist | None = None


class _Address(_Wire, frozen=True, rename="kebab"):
    resource: str | None = None


class _Relation(_Wire, frozen=True, rename="kebab"):
    type: str | None = None
    ended: bool | None = None
    url: _Address | None = None


class _Entity(_Wire, frozen=True, rename="kebab"):
    """A release group has a `title`, an artist a `name`."""

    id: str | None = None
    title: str | None = None
    name: str | None = None
    first_release_date: str | None = None
    artist_credit: list[_Credit] | None = None
    relations: list[msgspec.Raw] | None = None


class _Search(_Wire, frozen=True, rename="kebab"):
    release_groups: list[msgspec.Raw] | None = None
    artists: list[msgspec.Raw] | None = None


class _Linked(msgspec.Struct, frozen=True):
    """Here the names have underscores."""

    release_group: _Entity | None = None
    artist: _Entity | None = None


class _LinkedAddress(msgspec.Struct, frozen=True):
    relations: list[msgspec.Raw] | None = None


class MusicBrainz:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def find(self, subject: Subject, _known: Known) -> list[Candidate]:
        return await self._linked(subject) or await self._search(subject)

    async def read(self, subject: Subject, foreign_id: str) -> Found:
        entity = _ENTITIES[subject.kind]
        parameters = {"inc": "url-rels", "fmt": "json"}
        said = await self._transport.get(f"/ws/2/{entity}/{foreign_id}", _Entity, parameters)
        if not said.id or not is_foreign_id(Source.MUSICBRAINZ, said.id):
            raise NoSuchThing("the answer names no id")
        page = f"{PAGES}/{entity}/{said.id}"
        links = [Link("musicbrainz", page), *_links_of(said.relations)]
        return Found(said.id, page, {Field.MUSICBRAINZ_ID: said.id, Field.LINKS: links[:_MOST_LINKS]})

    async def _linked(self, subject: Subject) -> list[Candidate]:
        entity, page = _ENTITIES[subject.kind], _discogs_page(subject)
        if page is None:
            return []
        parameters = {"resource": page, "inc": f"{entity}-rels", "fmt": "json"}
        try:
            said = await self._transport.get("/ws/2/url", _LinkedAddress, parameters)
        except NoSuchThing:
            return []
        linked = (each.release_group or each.artist for each in each_as(said.relations, _Linked))
        return [found for each in linked if (found := _candidate(entity, each, linked=True))]

    async def _search(self, subject: Subject) -> list[Candidate]:
        entity = _ENTITIES[subject.kind]
        words = [("releasegroup", subject.name), ("artist", subject.artist)]
        if subject.kind is SubjectKind.ARTIST:
            words = [("artist", subject.name)]
        query = " AND ".join(f'{key}:"{_quoted(text)}"' for key, text in words if text)
        said = await self._transport.get(
            f"/ws/2/{entity}", _Search, {"query": query, "limit": "10", "fmt": "json"}
        )
        entities = each_as(said.release_groups or said.artists, _Entity)
        return [found for each in entities if (found := _candidate(entity, each))]


def _candidate(entity: str, said: _Entity | None, *, linked: bool = False) -> Candidate | None:
    if said is None or not said.id or not is_foreign_id(Source.MUSICBRAINZ, said.id):
        return None
    credit = "".join(
        f"{each.name or (each.artist.name if each.artist else '') or ''}{each.joinphrase or ''}"
        for each in said.artist_credit or ()
    )
    return Candidate(
        foreign_id=said.id,
        name=texts.name(said.title or said.name),
        artist=texts.name(credit),
        year=texts.year(said.first_release_date),
        url=f"{PAGES}/{entity}/{said.id}",
        linked=linked,
    )


def _links_of(relations: list[msgspec.Raw] | None) -> list[Link]:
    links = []
    for relation in each_as(relations, _Relation):
        address = texts.web_address(relation.url.resource) if relation.url else None
        if address is None or relation.ended:
            continue
        link, type_ = link_to(address), texts.name(relation.type, 40).replace(" ", "_")
        is_known = link.kind != "homepage" or "homepage" in type_ or not type_
        links.append(link if is_known else Link(type_, address))
    return links


def _discogs_page(subject: Subject) -> str | None:
    if subject.kind is SubjectKind.ARTIST:
        return f"{_DISCOGS}/artist/{subject.discogs_artist_id}" if subject.discogs_artist_id else None
    return f"{_DISCOGS}/master/{subject.discogs_master_id}" if subject.discogs_master_id else None


def _quoted(text: str) -> str:
    return unnumbered(text)[:200].replace("\\", " ").replace('"', " ")
