"""How late the loop gets to what is due, and the share of requests that is refused because of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress

from opentelemetry.metrics import CallbackOptions, Observation

from vinyl_chassis.telemetry import meter

BEAT_SECONDS = 0.05
WINDOW_SECONDS = 0.5
# A process that was stopped for longer than a window is late once, whatever there is to do.
FEWEST_BEATS = 3
# Whoever is answered later than this would rather have been told so.
LATE_SECONDS = 0.1
MOST = 0.95
# Until more than this share of all else is refused, everybody may sign in.
URGENT_FROM = 0.75
_STEEPEST, _GENTLEST, _RECOVERY = 0.25, 0.05, 0.1


def next_share(share: float, late_seconds: float) -> float:
    """The share to refuse, after a window in which the loop was never less late than this: a queue that
    stands, where a burst is one that goes."""
    if late_seconds <= LATE_SECONDS:
        return max(0.0, share - _RECOVERY)
    beyond = late_seconds / LATE_SECONDS - 1
    return min(MOST, share + min(_STEEPEST, max(_GENTLEST, beyond * _STEEPEST)))


def share_of_urgent(share: float) -> float:
    return max(0.0, (share - URGENT_FROM) / (1 - URGENT_FROM))


class Shedding:
    """Refuses evenly: of four requests one at a share of a quarter."""

    def __init__(self) -> None:
        self.share = 0.0
        self.late_seconds = 0.0
        self._owed = {False: 0.0, True: 0.0}

    def admits(self, *, is_urgent: bool) -> bool:
        if not self.share:
            return True
        self._owed[is_urgent] += share_of_urgent(self.share) if is_urgent else self.share
        if self._owed[is_urgent] < 1.0:
            return True
        self._owed[is_urgent] -= 1.0
        return False

    def window_ended(self, late_seconds: float) -> None:
        """`late_seconds` is the least of the window."""
        self.late_seconds = late_seconds
        self.share = next_share(self.share, late_seconds)
        if not self.share:
            self._owed = {False: 0.0, True: 0.0}

    @asynccontextmanager
    async def watching(self, _app: object) -> AsyncIterator[None]:
        watching = asyncio.create_task(self._watch())
        yield
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    async def _watch(self) -> None:
        clock: Callable[[], float] = asyncio.get_running_loop().time
        while True:
            least, beats, ends_at = float("inf"), 0, clock() + WINDOW_SECONDS
            while (began_at := clock()) < ends_at or beats < FEWEST_BEATS:
                await asyncio.sleep(BEAT_SECONDS)
                least, beats = min(least, clock() - began_at - BEAT_SECONDS), beats + 1
            self.window_ended(max(0.0, least))


def show(shedding: Shedding) -> None:
    """As numbers for operators."""

    def share(_options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(shedding.share)]

    def late(_options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(shedding.late_seconds)]

    meter.create_observable_gauge(
        "vinyl_gateway_shed_share", [share], description="The share of requests that is refused."
    )
    meter.create_observable_gauge(
        "vinyl_gateway_loop_late", [late], "s", "The least delay of a timer within the last half second."
    )
