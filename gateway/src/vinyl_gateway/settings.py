"""The gateway's settings: VINYL_GATEWAY_…"""

from typing import Literal

from vinyl_chassis.settings import ProcessSettings
from vinyl_gateway.public_routes import Service


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

    @property
    def service_urls(self) -> dict[Service, list[str]]:
        given = {
            Service.USER: self.user_url,
            Service.CATALOG: self.catalog_url,
            Service.RATING: self.rating_url,
            Service.SEARCH: self.search_url,
        }
        return {
            service: [url.strip() for url in urls.split(",") if url.strip()]
            for service, urls in given.items()
        }

    @property
    def origins(self) -> frozenset[str]:
        return frozenset(origin.strip() for origin in self.allowed_origins.split(",") if origin.strip())
