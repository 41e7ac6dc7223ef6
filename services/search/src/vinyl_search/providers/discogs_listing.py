"""A Discogs listing in our own terms."""

import re

from vinyl_contracts.grades import Grade
from vinyl_search.domain.countries import country_code
from vinyl_search.domain.formats import format_words, medium_of
from vinyl_search.domain.listing import FoundListing
from vinyl_search.domain.money import Amount, UnreadableMoney, nearest_amount
from vinyl_search.domain.provider import Provider
from vinyl_search.providers.discogs_wire import ListedRelease, MarketListing, OriginalPrice, Price, Seller
from vinyl_search.providers.texts import clean, clean_url

_GRADES = {
    "mint (m)": Grade.MINT,
    "near mint (nm or m-)": Grade.NEAR_MINT,
    "very good plus (vg+)": Grade.VERY_GOOD_PLUS,
    "very good (vg)": Grade.VERY_GOOD,
    "good plus (g+)": Grade.GOOD_PLUS,
    "good (g)": Grade.GOOD,
    "fair (f)": Grade.FAIR,
    "poor (p)": Grade.POOR,
}
_DESCRIPTION = re.compile(r"(?P<artist>.+?) - (?P<title>.+?)(?: \((?P<format>[^()]*)\))?")
MOST_ID = 2**62


def grade_of(text: str | None) -> Grade | None:
    """None for Generic, Not Graded, No Cover and the unknown."""
    return None if text is None else _GRADES.get(" ".join(text.split()).lower())


def rating_of(seller: Seller | None) -> float | None:
    """Percent; None for "N/A"."""
    rating = seller.stats.rating if seller and seller.stats else None
    try:
        percent = float(rating) if rating is not None else None
    except ValueError:
        return None
    return percent if percent is not None and 0 <= percent <= 100 else None


def listing_of(wire: MarketListing) -> FoundListing | None:
    """None for what is not for sale, has no readable price or has an id beyond reason."""
    price = _amount(wire.original_price, wire.price)
    if price is None or wire.status not in (None, "For Sale") or not 0 < wire.id < MOST_ID:
        return None
    artist, title, formats = _names(wire.release)
    words = format_words(formats or "")
    name = " - ".join(part for part in (artist, title) if part) or clean(wire.release.description)
    return FoundListing(
        provider=Provider.DISCOGS,
        provider_listing_id=str(wire.id),
        title=f"{name} ({formats})" if name and formats else name or "(untitled)",
        artist=artist,
        album_title=title,
        format_words=words,
        medium=medium_of(words),
        media_condition=grade_of(wire.condition),
        sleeve_condition=grade_of(wire.sleeve_condition),
        price=price,
        stated_postage=_amount(wire.original_shipping_price, wire.shipping_price),
        ships_from=country_code(wire.ships_from or ""),
        url=clean_url(wire.uri, f"https://www.discogs.com/sell/item/{wire.id}"),
        discogs_release_id=wire.release.id if 0 < (wire.release.id or 0) < MOST_ID else None,
        seller_rating=rating_of(wire.seller),
    )


def _names(release: ListedRelease) -> tuple[str | None, str | None, str | None]:
    """Artist, title and format."""
    if release.artist or release.title:
        return clean(release.artist), clean(release.title), clean(release.format)
    described = _DESCRIPTION.fullmatch(clean(release.description) or "")
    if described is None:
        return None, None, clean(release.format)
    return described["artist"], described["title"], clean(release.format) or described["format"]


def _amount(original: OriginalPrice | None, converted: Price | None) -> Amount | None:
    """The seller's own currency where it is told: converting twice would round twice."""
    for value, currency in (
        (original.value, original.curr_abbr) if original else (None, None),
        (converted.value, converted.currency) if converted else (None, None),
    ):
        if value is not None and currency:
            try:
                return nearest_amount(value, currency)
            except UnreadableMoney:
                continue
    return None
