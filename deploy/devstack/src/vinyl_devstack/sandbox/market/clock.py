"""The market's time: the wall's, or one that stands still until it is told to move."""

from datetime import UTC, datetime, timedelta

OPENED = datetime(2020, 1, 1, tzinfo=UTC)
DAY = 86_400.0


class MarketClock:
    """Two times: the date, which listings carry, and trade seconds, which run `speed` times as fast.

    Copies sell and prices move by trade seconds, counted from the day the market opened, so a restarted
    sandbox goes on where the old one was.
    """

    def __init__(self, speed: float, stands_at: datetime | None = None) -> None:
        self.speed = speed
        self._stands_at = stands_at
        self._ahead = timedelta()

    def now(self) -> datetime:
        return (self._stands_at or datetime.now(UTC)) + self._ahead

    def trade_seconds(self) -> float:
        return (self.now() - OPENED).total_seconds() * self.speed

    def date_of(self, trade_seconds: float) -> datetime:
        return OPENED + timedelta(seconds=trade_seconds / self.speed)

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)

    def reset(self) -> None:
        self._ahead = timedelta()
