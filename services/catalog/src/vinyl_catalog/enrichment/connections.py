"""The sources that this instance is set to ask. Making a connection opens nothing."""

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from vinyl_catalog.domain.source_budgets import Allowance
from vinyl_catalog.domain.sources import Source
from vinyl_catalog.enrichment import (
    apple_music,
    cover_art_archive,
    discogs,
    musicbrainz,
    spotify,
    wikipedia,
)
from vinyl_catalog.enrichment.reading import SourceReader
from vinyl_catalog.enrichment.transport import Transport
from vinyl_catalog.enrichment.turns import Patience, Turns
from vinyl_catalog.store.unit_of_work import Store

_TIMEOUT = httpx.Timeout(10.0, connect=5.0)


class Addresses(msgspec.Struct, frozen=True):
    """Where the sources are; in tests, servers that play them."""

    musicbrainz: str = "https://musicbrainz.org"
    cover_art_archive: str = "https://coverartarchive.org"
    wikipedia: str = "https://en.wikipedia.org"
    wikidata: str = "https://www.wikidata.org"
    apple_music: str = "https://api.music.apple.com"
    spotify: str = "https://api.spotify.com"
    spotify_accounts: str = "https://accounts.spotify.com"
    discogs: str = "https://api.discogs.com"


class Credentials(msgspec.Struct, frozen=True):
    """A source without what it needs is off. `contact`, an address where its people reach the operator, turns
    on those that want no more than that."""

    contact: str = ""
    apple_team_id: str = ""
    apple_key_id: str = ""
    apple_key: str = ""
    spotify_client_id: str = ""
    spotify_client_secret: str = ""
    discogs_token: str = ""

    def opens(self, source: Source) -> bool:
        if source is Source.APPLE_MUSIC:
            return bool(self.apple_team_id and self.apple_key_id and self.apple_key)
        if source is Source.SPOTIFY:
            return bool(self.spotify_client_id and self.spotify_client_secret)
        if source is Source.DISCOGS:
            return bool(self.discogs_token)
        return bool(self.contact)


class Sources(msgspec.Struct, frozen=True):
    """What is on, where, and how much of it may be asked."""

    credentials: Credentials = Credentials()
    addresses: Addresses = Addresses()
    language: str = "en"
    storefront: str = "us"
    discogs_per_minute: int = 6
    allowances: Mapping[Source, Allowance] = {}
    patience: Patience = Patience()

    @property
    def on(self) -> tuple[Source, ...]:
        return tuple(source for source in Source if self.credentials.opens(source))

    def allowance(self, source: Source) -> Allowance:
        usual = {
            Source.MUSICBRAINZ: musicbrainz.ALLOWANCE,
            Source.COVER_ART_ARCHIVE: cover_art_archive.ALLOWANCE,
            Source.WIKIPEDIA: wikipedia.ALLOWANCE,
            Source.APPLE_MUSIC: apple_music.ALLOWANCE,
            Source.SPOTIFY: spotify.ALLOWANCE,
            Source.DISCOGS: Allowance(self.discogs_per_minute, discogs.WINDOW_SECONDS),
        }
        return self.allowances.get(source, usual[source])


class Connection(msgspec.Struct, frozen=True):
    turns: Turns
    reader: SourceReader
    clients: tuple[httpx.AsyncClient, ...]


def connect(store: Store, sources: Sources) -> dict[Source, Connection]:
    """Those that are on."""
    return {source: _CONNECT[source](sources, _turns(store, sources, source)) for source in sources.on}


def _turns(store: Store, sources: Sources, source: Source) -> Turns:
    return Turns(store, source, sources.allowance(source), sources.patience)


def _client(sources: Sources, address: str, **headers: str) -> httpx.AsyncClient:
    contact = sources.credentials.contact
    agent = f"Vinylhound/1 ({contact})" if contact else "Vinylhound/1"
    given = {"User-Agent": agent, "Accept": "application/json", **headers}
    return httpx.AsyncClient(base_url=address, headers=given, timeout=_TIMEOUT)


def _musicbrainz(sources: Sources, turns: Turns) -> Connection:
    client = _client(sources, sources.addresses.musicbrainz)
    return Connection(turns, musicbrainz.MusicBrainz(Transport(client, turns)), (client,))


def _cover_art_archive(sources: Sources, turns: Turns) -> Connection:
    client = _client(sources, sources.addresses.cover_art_archive)
    transport = Transport(client, turns, redirects_to=cover_art_archive.HOSTS)
    return Connection(turns, cover_art_archive.CoverArtArchive(transport), (client,))


def _wikipedia(sources: Sources, turns: Turns) -> Connection:
    pages = _client(sources, sources.addresses.wikipedia)
    items = _client(sources, sources.addresses.wikidata)
    transport = Transport(pages, turns, redirects_to=("wikipedia.org",))
    reader = wikipedia.Wikipedia(transport, Transport(items, turns), sources.language)
    return Connection(turns, reader, (pages, items))


def _apple_music(sources: Sources, turns: Turns) -> Connection:
    given = sources.credentials
    client = _client(sources, sources.addresses.apple_music)
    token = apple_music.DeveloperToken(given.apple_team_id, given.apple_key_id, given.apple_key)
    transport = Transport(client, turns, credential=token)
    return Connection(turns, apple_music.AppleMusic(transport, sources.storefront), (client,))


def _spotify(sources: Sources, turns: Turns) -> Connection:
    given = sources.credentials
    client = _client(sources, sources.addresses.spotify)
    accounts = _client(sources, sources.addresses.spotify_accounts)
    token = spotify.ClientToken(accounts, given.spotify_client_id, given.spotify_client_secret)
    return Connection(turns, spotify.Spotify(Transport(client, turns, credential=token)), (client, accounts))


def _discogs(sources: Sources, turns: Turns) -> Connection:
    authorization = f"Discogs token={sources.credentials.discogs_token}"
    client = _client(sources, sources.addresses.discogs, Authorization=authorization)
    watch = discogs.SharedAllowance(turns)
    return Connection(turns, discogs.Discogs(Transport(client, turns, on_headers=watch.look_at)), (client,))


_CONNECT: dict[Source, Any] = {
    Source.MUSICBRAINZ: _musicbrainz,
    Source.COVER_ART_ARCHIVE: _cover_art_archive,
    Source.WIKIPEDIA: _wikipedia,
    Source.APPLE_MUSIC: _apple_music,
    Source.SPOTIFY: _spotify,
    Source.DISCOGS: _discogs,
}
