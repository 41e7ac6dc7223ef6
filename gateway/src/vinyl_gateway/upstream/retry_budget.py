"""How many requests may be sent a second time, so that a service in trouble is not asked twice as much."""

SHARE = 0.2
MOST = 20.0


class RetryBudget:
    """A fifth of the requests, and a few when there are hardly any."""

    def __init__(self) -> None:
        self._left = MOST

    def earn(self) -> None:
        if self._left < MOST:
            self._left += SHARE

    def take(self) -> bool:
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
