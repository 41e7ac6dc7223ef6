"""The gateway's settings: VINYL_GATEWAY_…"""

from typing import Annotated, Literal

import msgspec

from vinyl_chassis.settings import ProcessSettings
from vinyl_gateway.public_routes import Service

Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]


class Trial(msgspec.Struct, frozen=True):
    """What of a service's requests another version of it gets: as a canary it answers, as a shadow not."""

    canary_urls: list[str]
    canary_percent: float
    shadow_url: str
    shadow_percent: float


class Settings(ProcessSettings, frozen=True, kw_only=True):
    """`web_root` is the folder of the built web app; `allowed_origins` are separated by commas.

    A service has `answer_seconds` to begin its answer. Its address may be several, separated by commas.
    `cache_bytes` of answers are kept, none with 0.
    `limits` off is for measurements: whoever can reach the gateway may then send as much as they like.
    """

    user_url: str
    catalog_url: str
    rating_url: str
    search_url: str
    web_root: str = ""
    limits: Literal["on", "off"] = "on"
    allowed_origins: str = ""
    access_log: Literal["on", "off"] = "on"
    answer_seconds: float = 30.0
    cache_bytes: int = 64 * 1024 * 1024
    user_canary_url: str = ""
    user_canary_percent: Percent = 0.0
    user_shadow_url: str = ""
    user_shadow_percent: Percent = 0.0
    catalog_canary_url: str = ""
    catalog_canary_percent: Percent = 0.0
    catalog_shadow_url: str = ""
    catalog_shadow_percent: Percent = 0.0
    rating_canary_url: str = ""
    rating_canary_percent: Percent = 0.0
    rating_shadow_url: str = ""
    rating_shadow_percent: Percent = 0.0
    search_canary_url: str = ""
    search_canary_percent: Percent = 0.0
    search_shadow_url: str = ""
    search_shadow_percent: Percent = 0.0

    def __post_init__(self) -> None:
        """Raises ValueError for a share of requests that goes nowhere."""
        for service, trial in self.trials.items():
            for kind, urls, percent in (
                ("CANARY", trial.canary_urls, trial.canary_percent),
                ("SHADOW", trial.shadow_url, trial.shadow_percent),
            ):
                name = f"{service.upper()}_{kind}"
                if percent and not urls:
                    raise ValueError(f"{name}_PERCENT needs {name}_URL, to say where they go")

    @property
    def service_urls(self) -> dict[Service, list[str]]:
        given = {
            Service.USER: self.user_url,
            Service.CATALOG: self.catalog_url,
            Service.RATING: self.rating_url,
            Service.SEARCH: self.search_url,
        }
        return {service: _listed(urls) for service, urls in given.items()}

    @property
    def trials(self) -> dict[Service, Trial]:
        return {
            service: Trial(
                _listed(getattr(self, f"{service}_canary_url")),
                getattr(self, f"{service}_canary_percent"),
                getattr(self, f"{service}_shadow_url"),
                getattr(self, f"{service}_shadow_percent"),
            )
            for service in Service
        }

    @property
    def origins(self) -> frozenset[str]:
        return frozenset(_listed(self.allowed_origins))


def _listed(given: str) -> list[str]:
    return [each.strip() for each in given.split(",") if each.strip()]
