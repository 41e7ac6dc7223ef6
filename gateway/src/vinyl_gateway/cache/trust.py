"""Whether every change up to now has been heard of, as far as anybody can know."""

# A broker that hangs is noticed after this; what is sent is then no older than that, either.
TRUSTED_SECONDS = 0.2
# When the broker is back, others may still be on their way back to it, and cannot tell.
SETTLING_SECONDS = 2.0


class Trust:
    """What was asked for after `_since` is told of in full; `_until` is when that has to be shown again."""

    def __init__(self) -> None:
        self._since = float("inf")
        self._until = 0.0

    def covers(self, began_at: float, now: float) -> bool:
        """Whether a change of what was read at `began_at` would be known."""
        return now < self._until and began_at >= self._since

    def confirm(self, asked_at: float, now: float) -> None:
        """The broker answered by `now` a question of `asked_at`: what it had to tell before that is told."""
        if now >= self._until:
            self._since = now + SETTLING_SECONDS
        self._until = asked_at + TRUSTED_SECONDS

    def lose(self) -> None:
        """Something may have been missed."""
        self._since = float("inf")
        self._until = 0.0
