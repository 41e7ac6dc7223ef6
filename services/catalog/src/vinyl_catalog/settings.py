"""The catalog service's settings: VINYL_CATALOG_…"""

from pathlib import Path

from vinyl_catalog.enrichment.connections import Addresses, Credentials, Sources
from vinyl_chassis.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """Files of `imports_folder` may be imported through the API; without it, none may. So may web addresses
    at one of `import_hosts`, with commas between. The search index is kept in `index_folder`, which the
    serving and the working processes share; what is lost of it comes back.

    Pictures are kept in `media_folder`, or at `media_url` (`s3://bucket/prefix`, `file:///…`) where there is
    one: `media_endpoint` names a store that only speaks like S3. `media_encoders` are at work at once.

    Nothing is asked of other sources unless it is set who asks: `enrichment_contact`, a mail or web address,
    turns on MusicBrainz, the Cover Art Archive and Wikipedia, credentials turn on the others. Discogs counts
    by address what the search service asks too: enrichment takes a small share of its 60 a minute.
    """

    imports_folder: str = ""
    import_hosts: str = "data.discogs.com,discogs-data-dumps.s3.us-west-2.amazonaws.com"
    index_folder: str = "catalog-index"
    import_statement_timeout_seconds: float = 900.0
    media_folder: str = "media"
    media_url: str = ""
    media_endpoint: str = ""
    media_region: str = ""
    media_access_key: str = ""
    media_secret_key: str = ""
    media_encoders: int = 2
    enrichment_contact: str = ""
    enrichment_language: str = "en"
    musicbrainz_url: str = "https://musicbrainz.org"
    cover_art_archive_url: str = "https://coverartarchive.org"
    wikipedia_url: str = ""
    wikidata_url: str = "https://www.wikidata.org"
    apple_music_url: str = "https://api.music.apple.com"
    apple_music_team_id: str = ""
    apple_music_key_id: str = ""
    apple_music_key_file: str = ""
    apple_music_storefront: str = "us"
    spotify_url: str = "https://api.spotify.com"
    spotify_accounts_url: str = "https://accounts.spotify.com"
    spotify_client_id: str = ""
    spotify_client_secret: str = ""
    discogs_url: str = "https://api.discogs.com"
    discogs_token: str = ""
    discogs_per_minute: int = 6

    @property
    def allowed_hosts(self) -> list[str]:
        return [host.strip().lower() for host in self.import_hosts.split(",") if host.strip()]

    @property
    def imports_path(self) -> Path | None:
        return Path(self.imports_folder) if self.imports_folder else None

    @property
    def index_path(self) -> Path:
        return Path(self.index_folder)

    @property
    def sources(self) -> Sources:
        """Raises OSError where the key file is set and cannot be read."""
        key_file = self.apple_music_key_file
        return Sources(
            credentials=Credentials(
                contact=self.enrichment_contact,
                apple_team_id=self.apple_music_team_id,
                apple_key_id=self.apple_music_key_id,
                apple_key=Path(key_file).read_text() if key_file else "",
                spotify_client_id=self.spotify_client_id,
                spotify_client_secret=self.spotify_client_secret,
                discogs_token=self.discogs_token,
            ),
            addresses=Addresses(
                musicbrainz=self.musicbrainz_url,
                cover_art_archive=self.cover_art_archive_url,
                wikipedia=self.wikipedia_url or f"https://{self.enrichment_language}.wikipedia.org",
                wikidata=self.wikidata_url,
                apple_music=self.apple_music_url,
                spotify=self.spotify_url,
                spotify_accounts=self.spotify_accounts_url,
                discogs=self.discogs_url,
            ),
            language=self.enrichment_language,
            storefront=self.apple_music_storefront,
            discogs_per_minute=self.discogs_per_minute,
        )

    @property
    def media_options(self) -> dict[str, str]:
        """What is set of how to reach `media_url`, in obstore's words."""
        named = {
            "endpoint": self.media_endpoint,
            "region": self.media_region,
            "access_key_id": self.media_access_key,
            "secret_access_key": self.media_secret_key,
        }
        return {name: value for name, value in named.items() if value}
