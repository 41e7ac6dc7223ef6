"""eBay's sites, and where the reader of a call is."""

import re
from urllib.parse import unquote

from msgspec import Struct

from vinyl_devstack.sandbox.ebay.refusals import refused

SITES = {
    "EBAY_US": ("US", "USD"),
    "EBAY_GB": ("GB", "GBP"),
    "EBAY_DE": ("DE", "EUR"),
    "EBAY_FR": ("FR", "EUR"),
    "EBAY_IT": ("IT", "EUR"),
    "EBAY_ES": ("ES", "EUR"),
    "EBAY_NL": ("NL", "EUR"),
    "EBAY_BE": ("BE", "EUR"),
    "EBAY_AT": ("AT", "EUR"),
    "EBAY_IE": ("IE", "EUR"),
    "EBAY_CH": ("CH", "CHF"),
    "EBAY_PL": ("PL", "PLN"),
    "EBAY_CA": ("CA", "CAD"),
    "EBAY_AU": ("AU", "AUD"),
}
COUNTRY = re.compile(r"country=([A-Z]{2})")


class Reader(Struct, frozen=True):
    """`root` is where the sandbox answers; money is told in `currency`, postage to `country`."""

    root: str
    site: str
    country: str
    currency: str


def reader_of(root: str, site: str | None, context: str | None, delivered_to: str = "") -> Reader:
    """From `X-EBAY-C-MARKETPLACE-ID` and `X-EBAY-C-ENDUSERCTX: contextualLocation=country=…`."""
    name = (site or "EBAY_US").upper()
    if name not in SITES:
        known = ", ".join(SITES)
        raise refused(
            12019, f"The {name[:30]} marketplace is not supported here. There are: {known}.", status=409
        )
    country, currency = SITES[name]
    told = COUNTRY.search(unquote(context or ""))
    return Reader(root, name, delivered_to or (told[1] if told else country), currency)
