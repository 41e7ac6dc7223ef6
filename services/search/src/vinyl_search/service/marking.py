"""A listing with a listener's marks on it."""

from vinyl_search.domain.listing import Landing, Listing, Offer
from vinyl_search.domain.wishes import Wishes


def mark(listing: Listing, landing: Landing, wishes: Wishes) -> Offer:
    wanted = bool(wishes.wants_for(listing.match, listing.found))
    return Offer(listing, landing, wishes.owns(listing.match), wanted)


def cheapness(offer: Offer) -> tuple[bool, int, str]:
    """The order of offers: cheapest at the door first, those without a price there last."""
    landed = offer.landing.landed
    return landed is None, landed.minor if landed else 0, str(offer.listing.id)
