"""Places on a shelf, and the copies that stand there one after the other."""

from enum import StrEnum

from msgspec import Struct

from vinyl_devstack.sandbox.market.appraisal import asking_price, days_between
from vinyl_devstack.sandbox.market.chance import between, one_of, share, weighted
from vinyl_devstack.sandbox.market.clock import DAY
from vinyl_devstack.sandbox.market.grades import media_grade, sleeve_grade
from vinyl_devstack.sandbox.market.pressing import Pressing
from vinyl_devstack.sandbox.market.shops import Shop

TURNS_TOLD_APART = 64
SALES_TOLD_APART = 64
IDS_PER_PLACE = TURNS_TOLD_APART * SALES_TOLD_APART
REMARKS = (
    "",
    "",
    "Plays beautifully, cleaned on a machine.",
    "Light marks that do not sound.",
    "Small tear at the top seam, otherwise tidy.",
    "Ring wear on the back cover.",
    "Previous owner's name on the label.",
    "Original inner sleeve present.",
    "Corner bump, vinyl shines.",
)


class Status(StrEnum):
    FOR_SALE = "For Sale"
    SOLD = "Sold"


class Place(Struct, frozen=True):
    """Where a shop keeps copies of one pressing; in a steady place what sells is replaced at once."""

    key: int
    shop: Shop
    pressing: Pressing
    steady: bool


class Turn(Struct, frozen=True):
    """The stay of one copy, in trade seconds; from `sells` to `ends` the place stands empty."""

    number: int
    begins: float
    sells: float
    ends: float


class Copy(Struct, frozen=True):
    """The last three are trade seconds; until `fresh_until` nothing about it changes by itself."""

    id: int
    place: Place
    status: Status
    condition: str
    sleeve_condition: str
    price_minor: int
    remark: str
    allow_offers: bool
    by_auction: bool
    listed: float
    leaves: float
    fresh_until: float

    @property
    def shop(self) -> Shop:
        return self.place.shop

    @property
    def pressing(self) -> Pressing:
        return self.place.pressing


def turn_at(place: Place, trade_seconds: float, seed: int) -> Turn:
    period, phase = _rhythm(place, seed)
    return turn_numbered(place, int((trade_seconds + phase) // period), seed)


def turn_numbered(place: Place, number: int, seed: int) -> Turn:
    period, phase = _rhythm(place, seed)
    begins = number * period - phase
    stays = 1.0 if place.steady else 0.6 + 0.35 * share(seed, "stays", place.key, number)
    return Turn(number, begins, begins + stays * period, begins + period)


def _rhythm(place: Place, seed: int) -> tuple[float, float]:
    period = between(20, 60, seed, "period", place.key) * DAY
    return period, share(seed, "phase", place.key) * period


def listing_id(place: Place, turn: int, sales: int) -> int:
    return place.key * IDS_PER_PLACE + turn % TURNS_TOLD_APART * SALES_TOLD_APART + sales % SALES_TOLD_APART


def copy_in(
    place: Place, turn: Turn, sales: int, listed: float, at: float, status: Status, seed: int
) -> Copy:
    """The copy that stands there after so many extra sales within the turn, as it looks at a moment."""
    own = (seed, place.key, turn.number, sales)
    condition = media_grade(*own)
    days = days_between(listed, at)
    return Copy(
        id=listing_id(place, turn.number, sales),
        place=place,
        status=status,
        condition=condition,
        sleeve_condition=sleeve_grade(condition, *own),
        price_minor=asking_price(
            place.shop, place.pressing, condition, seed, days_listed=days, luck=share(*own, "luck")
        ),
        remark=one_of(REMARKS, *own, "remark"),
        allow_offers=weighted(((True, 3), (False, 7)), *own, "offers"),
        by_auction=not place.steady and weighted(((True, 2), (False, 3)), *own, "auction"),
        listed=listed,
        leaves=turn.sells,
        fresh_until=min(turn.sells, listed + (days + 1) * DAY),
    )
