"""The catalog service's settings: VINYL_CATALOG_…"""

from pathlib import Path

from vinyl_chassis.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """Files of `imports_folder` may be imported through the API; without it, none may.

    Pictures are kept in `media_folder`, or at `media_url` (`s3://bucket/prefix`, `file:///…`) where there is
    one: `media_endpoint` names a store that only speaks like S3. `media_encoders` are at work at once.
    """

    imports_folder: str = ""
    import_statement_timeout_seconds: float = 900.0
    media_folder: str = "media"
    media_url: str = ""
    media_endpoint: str = ""
    media_region: str = ""
    media_access_key: str = ""
    media_secret_key: str = ""
    media_encoders: int = 2

    @property
    def imports_path(self) -> Path | None:
        return Path(self.imports_folder) if self.imports_folder else None

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
