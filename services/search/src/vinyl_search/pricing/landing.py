"""Price and postage in the buyer's currency."""

from vinyl_search.domain.listing import Basis, FoundListing, Landing
from vinyl_search.domain.money import Amount
from vinyl_search.pricing.exchange import ExchangeRates
from vinyl_search.pricing.postage import estimate_postage


def land(found: FoundListing, destination: str | None, currency: str, rates: ExchangeRates) -> Landing:
    """Price and postage are converted each by itself. What the seller states comes before the estimate."""
    postage, basis = _postage(found, destination)
    price = rates.convert(found.price, currency)
    if price is None or postage is None:
        return Landing(postage, basis, price)
    sending = rates.convert(postage, currency)
    return Landing(postage, basis, None if sending is None else price.plus(sending))


def _postage(found: FoundListing, destination: str | None) -> tuple[Amount | None, Basis]:
    if found.stated_postage is not None and found.postage_to in (None, destination):
        return found.stated_postage, Basis.SELLER
    if destination is None:
        return None, Basis.UNKNOWN
    return estimate_postage(found.ships_from, destination), Basis.ESTIMATE
