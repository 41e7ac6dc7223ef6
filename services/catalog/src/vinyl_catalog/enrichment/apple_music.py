"""Apple Music's catalogue: covers, editors' notes and pages."""

import time

import jwt
import msgspec

from vinyl_catalog.domain.answers import Found
from vinyl_catalog.domain.links import Link
from vinyl_catalog.domain.matching import Candidate, Subject, unnumbered
from vinyl_catalog.domain.source_budgets import Allowance
from vinyl_catalog.domain.sourced import FoundImage
from vinyl_catalog.domain.sources import Field, Source, SubjectKind, is_foreign_id
from vinyl_catalog.enrichment import texts
from vinyl_catalog.enrichment.faults import NoSuchThing
from vinyl_catalog.enrichment.reading import Known, each_as
from vinyl_catalog.enrichment.transport import Transport

ALLOWANCE = Allowance(20, 60.0)
TOKEN_SECONDS = 12 * 3600
_SPARE_SECONDS = 600
_LONGEST_SIDE = 1200
_TYPES = {SubjectKind.ALBUM: "albums", SubjectKind.ARTIST: "artists"}


class DeveloperToken:
    """Minted here with the key that Apple gave, an ES256 private key in PEM."""

    def __init__(self, team_id: str, key_id: str, key: str) -> None:
        self._team_id = team_id
        self._key_id = key_id
        self._key = key
        self._token = ""
        self._ends_at = 0.0

    async def headers(self) -> dict[str, str]:
        at = time.time()
        if at >= self._ends_at - _SPARE_SECONDS:
            claims = {"iss": self._team_id, "iat": int(at), "exp": int(at) + TOKEN_SECONDS}
            self._token = jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": self._key_id})
            self._ends_at = at + TOKEN_SECONDS
        return {"Authorization": f"Bearer {self._token}"}

    def drop(self) -> bool:
        """Another minted with the same key would be refused as well."""
        return False


class _Wire(msgspec.Struct, frozen=True, rename="camel"):
    """Any field may be missing or null."""


class _Artwork(_Wire, frozen=True, rename="camel"):
    url: str | None = None
    width: int | None = None
    height: int | None = None


class _Notes(_Wire, frozen=True, rename="camel"):
    standard: str | None = None
    short: str | None = None


class _Attributes(_Wire, frozen=True, rename="camel"):
    name: str | None = None
    artist_name: str | None = None
    release_date: str | None = None
    track_count: int | None = None
    url: str | None = None
    artwork: _Artwork | None = None
    editorial_notes: _Notes | None = None


class _Resource(_Wire, frozen=True, rename="camel"):
    id: str | None = None
    attributes: _Attributes | None = None


class _Resources(_Wire, frozen=True, rename="camel"):
    data: list[msgspec.Raw] | None = None


class _Search(_Wire, frozen=True, rename="camel"):
    """By type; one of which nothing was found is missing."""

    results: dict[str, _Resources | None] | None = None


class AppleMusic:
    def __init__(self, transport: Transport, storefront: str) -> None:
        self._transport = transport
        self._catalog = f"/v1/catalog/{storefront}"

    async def find(self, subject: Subject, _known: Known) -> list[Candidate]:
        type_ = _TYPES[subject.kind]
        term = f"{unnumbered(subject.artist)} {unnumbered(subject.name)}".strip()[:200]
        parameters = {"term": term, "types": type_, "limit": "10"}
        said = await self._transport.get(f"{self._catalog}/search", _Search, parameters)
        found = (said.results or {}).get(type_)
        resources = each_as(found.data if found else None, _Resource)
        return [candidate for each in resources if (candidate := _candidate(each)) is not None]

    async def read(self, subject: Subject, foreign_id: str) -> Found:
        path = f"{self._catalog}/{_TYPES[subject.kind]}/{foreign_id}"
        said = await self._transport.get(path, _Resources)
        resource = next(each_as(said.data, _Resource), None)
        if resource is None or resource.attributes is None:
            raise NoSuchThing("the answer is empty")
        attributes = resource.attributes
        notes = attributes.editorial_notes or _Notes()
        page = texts.web_address(attributes.url, hosts=("music.apple.com",))
        image = _image(attributes.artwork)
        values = {
            Field.IMAGES: [image] if image else [],
            Field.TEXT: texts.plain(notes.standard) or texts.plain(notes.short),
            Field.LINKS: [Link("apple_music", page)] if page else [],
        }
        return Found(foreign_id, page, values)


def _candidate(said: _Resource) -> Candidate | None:
    attributes = said.attributes
    if not said.id or not is_foreign_id(Source.APPLE_MUSIC, said.id) or attributes is None:
        return None
    return Candidate(
        foreign_id=said.id,
        name=texts.name(attributes.name),
        artist=texts.name(attributes.artist_name),
        year=texts.year(attributes.release_date),
        track_count=attributes.track_count,
        url=texts.web_address(attributes.url, hosts=("music.apple.com",)),
    )


def _image(artwork: _Artwork | None) -> FoundImage | None:
    """The address is a template, to be filled in with the size that one wants."""
    if artwork is None or not artwork.url:
        return None
    width, height = artwork.width or _LONGEST_SIDE, artwork.height or _LONGEST_SIDE
    scale = min(1.0, _LONGEST_SIDE / max(width, height, 1))
    width, height = max(1, round(width * scale)), max(1, round(height * scale))
    filled = artwork.url.replace("{w}", str(width)).replace("{h}", str(height))
    url = texts.web_address(filled.replace("{c}", "bb").replace("{f}", "jpg"), hosts=("mzstatic.com",))
    return FoundImage(url, "front", width, height) if url else None
