"""The search service's settings: VINYL_SEARCH_…"""

from typing import Annotated

import msgspec

from vinyl_chassis.settings import ServiceSettings

# Well within the six hours that a market's data may be shown.
ReuseSeconds = Annotated[float, msgspec.Meta(ge=0, le=3 * 3600)]


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """Discogs works without a token, slower; eBay is asked only where `ebay_key` is set.

    `exchange_rates_file` comes before `exchange_rates_url`; without either the built-in rates hold.
    """

    discogs_url: str = "https://api.discogs.com"
    discogs_token: str = ""
    discogs_user_agent: str = "Vinylhound/0.1 (self-hosted collectors' platform)"
    ebay_url: str = "https://api.ebay.com"
    ebay_key: str = ""
    ebay_secret: str = ""
    ebay_marketplace: str = "EBAY_US"
    exchange_rates_url: str = ""
    exchange_rates_file: str = ""
    inventory_reuse_seconds: ReuseSeconds = 600.0
    ebay_reuse_seconds: ReuseSeconds = 3600.0
