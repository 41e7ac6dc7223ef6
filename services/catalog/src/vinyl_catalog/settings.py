"""The catalog service's settings: VINYL_CATALOG_…"""

from pathlib import Path

from vinyl_chassis.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """Files of `imports_folder` may be imported through the API; without it, none may."""

    imports_folder: str = ""
    import_statement_timeout_seconds: float = 900.0

    @property
    def imports_path(self) -> Path | None:
        return Path(self.imports_folder) if self.imports_folder else None
