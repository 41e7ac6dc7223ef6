"""How many requests an instance is given at once: as many as it answers not much later than a few."""

import math
import time
from collections.abc import Callable

# Fewer would starve a service that answers several together, and turn away who opens a page.
FEWEST = 32
# With those for who signs in, when nobody else is let through any more, all connections of an instance.
MOST = 240
RESERVED = 16
WINDOW_SECONDS = 0.1
FEWEST_ANSWERS = 10
CALM = 4
MOST_KINDS = 500
_TOLERATED = 4.0
_SHORTEST_SECONDS = 0.025
_STEEPEST = 0.5
_SMOOTHING = 0.3
# One that was slow by chance, as the first often is, is soon forgotten.
_LEARNING, _UNLEARNING = 0.05, 0.3


class ConcurrencyLimit:
    """A gradient limit: while answers take longer than is tolerated it falls in proportion, else it grows by
    its root. At its most there is none: a burst is no overload, and waits for the instance's connections.

    Tolerated is a multiple of what the same kind of request takes while few are under way, or of the least
    that it ever took where that is all that is known; so long overload never comes to look normal.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._calm: dict[str, float] = {}
        self._least: dict[str, float] = {}
        self._limit = float(MOST)
        self._ends_at = clock() + WINDOW_SECONDS
        self._answers = 0
        self._took = 0.0
        self._tolerated = 0.0

    @property
    def limit(self) -> int:
        return int(self._limit)

    def admits(self, under_way: int, *, is_urgent: bool) -> bool:
        return self._limit >= MOST or under_way < self._limit + (RESERVED if is_urgent else 0)

    def answered(self, kind: str, seconds: float, under_way: int) -> None:
        """`under_way` is how many there were when it was asked, itself among them."""
        usual = self._usual(kind, seconds, under_way)
        self._answers += 1
        self._took += seconds
        self._tolerated += max(usual * _TOLERATED, usual + _SHORTEST_SECONDS)
        if self._answers >= FEWEST_ANSWERS and (now := self._clock()) >= self._ends_at:
            self._adapt()
            self._ends_at = now + WINDOW_SECONDS

    def _usual(self, kind: str, seconds: float, under_way: int) -> float:
        calm = self._calm.get(kind)
        if under_way <= CALM:
            if calm is None and len(self._calm) >= MOST_KINDS:
                self._calm.clear()
            calm = seconds if calm is None else _nearer(calm, seconds)
            self._calm[kind] = calm
        if calm is not None:
            return calm
        if kind not in self._least and len(self._least) >= MOST_KINDS:
            self._least.clear()
        least = self._least[kind] = min(seconds, self._least.get(kind, seconds))
        return least

    def _adapt(self) -> None:
        gradient = max(_STEEPEST, min(1.0, self._tolerated / self._took))
        aim = self._limit * gradient + (math.sqrt(self._limit) if gradient == 1.0 else 0.0)
        smoothed = self._limit + (aim - self._limit) * _SMOOTHING
        self._limit = min(float(MOST), max(float(FEWEST), smoothed))
        self._answers = 0
        self._took = self._tolerated = 0.0


def _nearer(calm: float, seconds: float) -> float:
    return calm + (seconds - calm) * (_UNLEARNING if seconds < calm else _LEARNING)
