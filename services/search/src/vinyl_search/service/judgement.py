"""Whether a listing is what a saved search asks for, and what it costs the listener."""

from collections.abc import Sequence

import msgspec

from vinyl_contracts.ids import ListingId, UserId
from vinyl_contracts.money import CURRENCIES
from vinyl_search.domain.listing import FoundListing, Landing, Listing
from vinyl_search.domain.money import Amount
from vinyl_search.domain.saved_search import Criteria
from vinyl_search.domain.wishes import Wishes
from vinyl_search.matching.criteria import answered_wants, asks_for
from vinyl_search.pricing.exchange import ExchangeRates
from vinyl_search.pricing.landing import land
from vinyl_search.service.rates import current_rates
from vinyl_search.store.unit_of_work import UnitOfWork

USUAL_CURRENCY = "EUR"


class Terms(msgspec.Struct, frozen=True):
    """Where a listener has things sent, what they reckon in, and by which rates."""

    destination: str | None
    currency: str
    rates: ExchangeRates

    def land(self, found: FoundListing) -> Landing:
        return land(found, self.destination, self.currency, self.rates)

    def is_within(self, found: FoundListing, most: Amount) -> bool:
        """Postage included; False where it cannot be said."""
        landed = land(found, self.destination, most.currency, self.rates).landed
        return landed is not None and landed.minor <= most.minor


class Judgement:
    """One search's eyes, with what its listener wants at this moment."""

    def __init__(self, listener_id: UserId, criteria: Criteria, wishes: Wishes, terms: Terms) -> None:
        self._listener_id = listener_id
        self._criteria = criteria
        self._wishes = wishes
        self._terms = terms

    def accept(self, listings: Sequence[Listing]) -> list[tuple[ListingId, Landing]]:
        """Those of others that the search asks for, each with its price at the door."""
        others = [each for each in listings if each.seller.id != self._listener_id]
        return [(each.id, self._terms.land(each.found)) for each in others if self._asks_for(each)]

    def _asks_for(self, listing: Listing) -> bool:
        found, most = listing.found, self._criteria.max_price
        return (
            asks_for(self._criteria, found, listing.match)
            and (not self._criteria.use_wants or self._answers_a_want(listing))
            and (most is None or self._terms.is_within(found, most))
        )

    def _answers_a_want(self, listing: Listing) -> bool:
        return any(
            want.max_price is None or self._terms.is_within(listing.found, want.max_price)
            for want in answered_wants(self._wishes, listing.found, listing.match)
        )


async def terms_of(unit: UnitOfWork, listener_id: UserId, criteria: Criteria | None = None) -> Terms:
    """The search's own words first, then the listener's profile."""
    listener = await unit.wishes.find_listener(listener_id)
    named = (
        criteria.max_price.currency if criteria and criteria.max_price else None,
        listener.currency if listener else None,
    )
    currency = next((code for code in named if code in CURRENCIES), USUAL_CURRENCY)
    destination = criteria.ships_to if criteria else None
    destination = destination or (listener.country if listener else None)
    return Terms(destination, currency or USUAL_CURRENCY, await current_rates(unit))


async def judgement_of(unit: UnitOfWork, listener_id: UserId, criteria: Criteria) -> Judgement:
    wishes = await unit.wishes.read_wishes(listener_id)
    return Judgement(listener_id, criteria, wishes, await terms_of(unit, listener_id, criteria))
