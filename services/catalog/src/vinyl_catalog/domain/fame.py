"""What puts the famous record first among those whose words fit alike."""

import math

from vinyl_catalog.domain.searching import HitType

_OF_TYPE = {
    HitType.ARTIST: 1.12,
    HitType.ALBUM: 1.08,
    HitType.PRODUCT: 1.02,
    HitType.LABEL: 1.0,
    HitType.SONG: 0.95,
}
_A_TENFOLD = 0.25


def standing_of(type_: HitType, fame: int) -> float:
    """What a fit is multiplied by: each tenfold of fame is worth a quarter. Among equals artists come before
    albums before labels before songs."""
    return _OF_TYPE[type_] * (1.0 + _A_TENFOLD * math.log10(1 + fame))
