"""How long the terms of each source let its data be kept."""

import enum
from datetime import timedelta


class Retention(enum.Enum):
    """`MARKET`: what a marketplace said of its sellers and their copies. `OWN`: ours, and our listeners'."""

    OWN = "own"
    MARKET = "market"


MARKET_LIFE = timedelta(hours=6)
"""Nothing a marketplace said is shown or kept when it is older."""
