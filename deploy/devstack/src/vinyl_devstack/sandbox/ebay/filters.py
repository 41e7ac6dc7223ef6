"""The grammar of eBay's `filter` parameter: `name:value`, `name:{a|b}`, `name:[from..to]`, by commas."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from vinyl_devstack.sandbox.ebay.refusals import Fault, browse_fault
from vinyl_devstack.sandbox.market.exchange import RATES

PART = re.compile(r"([A-Za-z]+):(\{[^}]*\}|\[[^\]]*\]|[^,{}\[\]]*)(?:,|$)")
BUYING_OPTIONS = frozenset({"FIXED_PRICE", "AUCTION", "BEST_OFFER", "CLASSIFIED_AD"})
NEW = "1000"
CONDITION_WORDS = {"NEW", "USED", "UNSPECIFIED"}


class PriceRange(Struct, frozen=True):
    low: Decimal | None
    high: Decimal | None

    def holds(self, amount: Decimal) -> bool:
        return (self.low is None or amount >= self.low) and (self.high is None or amount <= self.high)


class Filters(Struct, frozen=True):
    """Empty sets and None restrict nothing; a restriction that was not understood is one of the warnings."""

    price: PriceRange | None = None
    price_currency: str = ""
    condition_ids: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    buying_options: frozenset[str] = frozenset({"FIXED_PRICE"})
    sellers: frozenset[str] = frozenset()
    excluded_sellers: frozenset[str] = frozenset()
    located_in: str = ""
    delivered_to: str = ""
    dearest_delivery: Decimal | None = None
    warnings: tuple[Fault, ...] = ()


def read_filters(text: str) -> Filters:
    given = dict(_parts(text))
    doubts = [_invalid(name) for name in given if name not in KNOWN]
    price, currency = _range(given.get("price", "")), given.get("priceCurrency", "").upper()
    if ("price" in given or "priceCurrency" in given) and (price is None or currency not in RATES):
        price = None
        doubts.append(browse_fault(12012, "A valid 'price' and a valid 'priceCurrency' filter go together."))
    options = _set(given.get("buyingOptions", "")) or {"FIXED_PRICE"}
    if not options <= BUYING_OPTIONS:
        options = {"FIXED_PRICE"}
        doubts.append(_invalid("buyingOptions"))
    if not _set(given.get("conditions", "")) <= CONDITION_WORDS:
        doubts.append(_invalid("conditions"))
    return Filters(
        price=price,
        price_currency=currency,
        condition_ids=frozenset(_set(given.get("conditionIds", ""))),
        conditions=frozenset(_set(given.get("conditions", "")) & CONDITION_WORDS),
        buying_options=frozenset(options),
        sellers=frozenset(name.casefold() for name in _set(given.get("sellers", ""))),
        excluded_sellers=frozenset(name.casefold() for name in _set(given.get("excludeSellers", ""))),
        located_in=given.get("itemLocationCountry", "").upper(),
        delivered_to=given.get("deliveryCountry", "").upper(),
        dearest_delivery=_amount(given.get("maxDeliveryCost", "")),
        warnings=tuple(doubts),
    )


KNOWN = frozenset(
    {
        "price",
        "priceCurrency",
        "conditionIds",
        "conditions",
        "buyingOptions",
        "sellers",
        "excludeSellers",
        "itemLocationCountry",
        "deliveryCountry",
        "deliveryPostalCode",
        "maxDeliveryCost",
    }
)


def _parts(text: str) -> Sequence[tuple[str, str]]:
    """What does not follow the grammar comes out as a name nobody knows."""
    at, parts = 0, list[tuple[str, str]]()
    while at < len(text):
        match = PART.match(text, at)
        if match is None:
            return [*parts, (text[at:], "")]
        parts.append((match[1], match[2].strip()))
        at = match.end()
    return parts


def _set(value: str) -> set[str]:
    return {each.strip() for each in value.strip("{}").split("|")} - {""}


def _range(value: str) -> PriceRange | None:
    """`[10..50]`, `[10..]`, `[..50]` or `[10]`, the last meaning from there on up."""
    low, dots, high = value.strip("[]").partition("..")
    if not value.startswith("[") or (dots and not (low or high)):
        return None
    bounds = _amount(low), _amount(high)
    unread = (low and bounds[0] is None) or (high and bounds[1] is None)
    return None if unread or bounds == (None, None) else PriceRange(*bounds)


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _invalid(name: str) -> Fault:
    return browse_fault(12002, f"The {name[:60]} value is invalid.", filterName=name[:60])
