"""What a copy is worth, and what a shop asks for it."""

from vinyl_devstack.sandbox.market.chance import share
from vinyl_devstack.sandbox.market.clock import DAY
from vinyl_devstack.sandbox.market.exchange import RATES, minor_per_unit
from vinyl_devstack.sandbox.market.grades import WORTH
from vinyl_devstack.sandbox.market.pressing import Pressing
from vinyl_devstack.sandbox.market.shops import Shop

PRICE_STEP = {"JPY": 100, "SEK": 500, "EUR": 50, "GBP": 50}
JUST_BELOW = frozenset({"USD", "CAD"})
MARKDOWN_PER_DAY = 0.985
MARKDOWN_DAYS = 40


def worth(pressing: Pressing, seed: int) -> float:
    """Euros for a near mint copy: most records are cheap, a few are dear, old vinyl is dearer."""
    rarity = share(seed, "worth", pressing.id)
    age = max(0, 1990 - pressing.year) / 10 if pressing.year else 0
    euros = 9 + 14 * rarity + 90 * rarity**8 + 3 * age * rarity
    return euros * (1 if pressing.is_vinyl else 0.55) * (1 + 0.35 * (pressing.discs - 1))


def asking_price(
    shop: Shop, pressing: Pressing, condition: str, seed: int, *, days_listed: int, luck: float
) -> int:
    """Minor units of the shop's currency; `luck` from 0 to 1 is how dear this shop thinks this copy is."""
    euros = worth(pressing, seed) * WORTH[condition] * shop.price_level * (0.8 + 0.45 * luck)
    euros *= MARKDOWN_PER_DAY ** min(days_listed, MARKDOWN_DAYS)
    euros *= 0.97 + 0.06 * share(seed, "mood", shop.id, pressing.id, days_listed // 3)
    minor = euros * RATES[shop.currency] * minor_per_unit(shop.currency)
    step = PRICE_STEP.get(shop.currency, 100)
    return max(step, round(minor / step) * step) - (1 if shop.currency in JUST_BELOW else 0)


def suggested(pressing: Pressing, condition: str, seed: int) -> float:
    """Euros a seller is advised to ask."""
    return worth(pressing, seed) * WORTH[condition] * 1.02


def days_between(earlier: float, later: float) -> int:
    return int((later - earlier) // DAY)
