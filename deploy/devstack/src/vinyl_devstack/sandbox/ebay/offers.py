"""A copy seen as an eBay offer: its title, condition, price and postage."""

from datetime import UTC, datetime
from decimal import Decimal

from msgspec import UNSET, Struct

from vinyl_devstack.sandbox.ebay.marketplaces import Reader
from vinyl_devstack.sandbox.ebay.shapes import Amount
from vinyl_devstack.sandbox.market.chance import between
from vinyl_devstack.sandbox.market.copies import Copy
from vinyl_devstack.sandbox.market.exchange import converted, major, written
from vinyl_devstack.sandbox.market.grades import short

RECORDS, CDS, CASSETTES = "176985", "176984", "176983"
MUSIC = "11233"
CATEGORY_NAMES = {RECORDS: "Vinyl Records", CDS: "CDs", CASSETTES: "Cassettes", MUSIC: "Music"}
CONDITIONS = {
    "Mint (M)": ("1000", "New"),
    "Near Mint (NM or M-)": ("2750", "Like New"),
    "Very Good Plus (VG+)": ("4000", "Very Good"),
    "Very Good (VG)": ("4000", "Very Good"),
    "Good Plus (G+)": ("5000", "Good"),
    "Good (G)": ("5000", "Good"),
    "Fair (F)": ("6000", "Acceptable"),
    "Poor (P)": ("6000", "Acceptable"),
}
OPENING_BID = 0.4
LONGEST_TITLE = 80


class Offer(Struct, frozen=True):
    """`minor` is what the copy costs now, in its shop's currency: for an auction the current bid."""

    copy: Copy
    minor: int
    posted: datetime
    ends: datetime

    @property
    def legacy_id(self) -> str:
        return str(self.copy.id)

    @property
    def item_id(self) -> str:
        return f"v1|{self.copy.id}|0"

    @property
    def title(self) -> str:
        pressing = self.copy.pressing
        grades = f"{short(self.copy.condition)}/{short(self.copy.sleeve_condition)}"
        year = str(pressing.year) if pressing.year else ""
        words = (pressing.artist, "-", pressing.title, pressing.format, year, pressing.catalogue_number)
        return f"{' '.join(filter(None, words))[: LONGEST_TITLE - len(grades) - 1].rstrip()} {grades}"

    @property
    def category(self) -> str:
        name = self.copy.pressing.formats[0].name if self.copy.pressing.formats else ""
        return RECORDS if self.copy.pressing.is_vinyl else CASSETTES if name == "Cassette" else CDS

    @property
    def condition(self) -> tuple[str, str]:
        """eBay's id and word for the grade of the record."""
        return CONDITIONS[self.copy.condition]

    @property
    def buying_options(self) -> list[str]:
        if self.copy.by_auction:
            return ["AUCTION"]
        return ["FIXED_PRICE", "BEST_OFFER"] if self.copy.allow_offers else ["FIXED_PRICE"]

    @property
    def bids(self) -> int:
        return between(0, 14, "bids", self.copy.id)

    def postage(self, country: str) -> int | None:
        """Minor units to that country; None where the shop does not send there."""
        shop = self.copy.shop
        if shop.country == country:
            return shop.home_postage
        return shop.abroad_postage if shop.ships_abroad else None

    def price_in(self, currency: str) -> Decimal:
        return Decimal(written(converted(self.minor, self.copy.shop.currency, currency), currency))


def offer_of(copy: Copy, posted: datetime, ends: datetime, trade_seconds: float) -> Offer:
    """An auction's bid climbs towards the shop's price; a fixed price is the shop's."""
    progress = min(1.0, max(0.0, (trade_seconds - copy.listed) / (copy.leaves - copy.listed)))
    bid = OPENING_BID + (1 - OPENING_BID) * progress
    return Offer(copy, round(copy.price_minor * bid) if copy.by_auction else copy.price_minor, posted, ends)


def amount(minor: int, currency: str, reader: Reader) -> Amount:
    if currency == reader.currency:
        return Amount(written(major(minor, currency), currency), currency)
    return Amount(
        written(converted(minor, currency, reader.currency), reader.currency),
        reader.currency,
        written(major(minor, currency), currency),
        currency,
    )


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def bid_fields(offer: Offer, reader: Reader) -> dict[str, object]:
    """What only an auction says of itself."""
    if not offer.copy.by_auction:
        return {"bidCount": UNSET, "currentBidPrice": UNSET, "itemEndDate": UNSET}
    bid = amount(offer.minor, offer.copy.shop.currency, reader)
    return {"bidCount": offer.bids, "currentBidPrice": bid, "itemEndDate": stamp(offer.ends)}
