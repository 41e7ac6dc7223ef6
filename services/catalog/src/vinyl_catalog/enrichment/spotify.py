"""Spotify: a page to listen on. Its quotas are small; nothing here depends on it."""

import asyncio

import httpx
import msgspec

from vinyl_catalog.domain.answers import Found
from vinyl_catalog.domain.links import Link
from vinyl_catalog.domain.matching import Candidate, Subject, unnumbered
from vinyl_catalog.domain.source_budgets import Allowance
from vinyl_catalog.domain.sources import Field, Source, SubjectKind, is_foreign_id
from vinyl_catalog.enrichment import texts
from vinyl_catalog.enrichment.faults import BadAnswer, RateLimited, Refused, Unreachable
from vinyl_catalog.enrichment.reading import Known, each_as
from vinyl_catalog.enrichment.transport import Transport

ALLOWANCE = Allowance(10, 30.0)
_SPARE_SECONDS = 60.0
_MINT_SECONDS = 10.0
_TYPES = {SubjectKind.ALBUM: "album", SubjectKind.ARTIST: "artist"}


class _Token(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: float


class ClientToken:
    """By client credentials, kept as long as it lives."""

    def __init__(self, client: httpx.AsyncClient, client_id: str, client_secret: str) -> None:
        self._client = client
        self._credentials = httpx.BasicAuth(client_id, client_secret)
        self._token = ""
        self._ends_at = float("-inf")
        self._minting = asyncio.Lock()

    async def headers(self) -> dict[str, str]:
        """Raises Refused for wrong credentials, or another SourceFault."""
        async with self._minting:
            clock = asyncio.get_running_loop().time()
            if clock >= self._ends_at - _SPARE_SECONDS:
                token = await self._mint()
                self._token, self._ends_at = token.access_token, clock + token.expires_in
            return {"Authorization": f"Bearer {self._token}"}

    def drop(self) -> bool:
        self._ends_at = float("-inf")
        return True

    async def _mint(self) -> _Token:
        form = {"grant_type": "client_credentials"}
        try:
            async with asyncio.timeout(_MINT_SECONDS):
                answer = await self._client.post("/api/token", data=form, auth=self._credentials)
        except (httpx.HTTPError, TimeoutError) as error:
            raise Unreachable(repr(error)) from None
        if answer.status_code in (400, 401, 403):
            raise Refused(f"it answered {answer.status_code} to our credentials")
        if answer.status_code == 429:
            raise RateLimited("it mints no token for now")
        if answer.status_code != 200:
            raise Unreachable(f"it answered {answer.status_code} to our credentials")
        try:
            return msgspec.json.decode(answer.content, type=_Token)
        except msgspec.DecodeError as error:
            raise BadAnswer(str(error)) from None


class _Artist(msgspec.Struct, frozen=True):
    name: str | None = None


class _Addresses(msgspec.Struct, frozen=True):
    spotify: str | None = None


class _Record(msgspec.Struct, frozen=True):
    """An album or an artist; any field may be missing or null."""

    id: str | None = None
    name: str | None = None
    artists: list[_Artist] | None = None
    release_date: str | None = None
    total_tracks: int | None = None
    external_urls: _Addresses | None = None


class _Items(msgspec.Struct, frozen=True):
    items: list[msgspec.Raw] | None = None


class _Search(msgspec.Struct, frozen=True):
    albums: _Items | None = None
    artists: _Items | None = None


class Spotify:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def find(self, subject: Subject, _known: Known) -> list[Candidate]:
        type_ = _TYPES[subject.kind]
        words = [(type_, subject.name), ("artist", subject.artist)]
        query = " ".join(
            f'{key}:"{unnumbered(text)[:90].replace(chr(34), " ")}"' for key, text in words if text
        )
        parameters = {"q": query, "type": type_, "limit": "10"}
        said = await self._transport.get("/v1/search", _Search, parameters)
        found = said.albums or said.artists
        records = each_as(found.items if found else None, _Record)
        return [candidate for each in records if (candidate := _candidate(each)) is not None]

    async def read(self, subject: Subject, foreign_id: str) -> Found:
        said = await self._transport.get(f"/v1/{_TYPES[subject.kind]}s/{foreign_id}", _Record)
        page = _page_of(said)
        return Found(foreign_id, page, {Field.LINKS: [Link("spotify", page)] if page else []})


def _candidate(said: _Record) -> Candidate | None:
    if not said.id or not is_foreign_id(Source.SPOTIFY, said.id):
        return None
    return Candidate(
        foreign_id=said.id,
        name=texts.name(said.name),
        artist=texts.name(", ".join(artist.name or "" for artist in said.artists or ())),
        year=texts.year(said.release_date),
        track_count=said.total_tracks,
        url=_page_of(said),
    )


def _page_of(said: _Record) -> str | None:
    return texts.web_address(
        said.external_urls.spotify if said.external_urls else None, hosts=("spotify.com",)
    )
