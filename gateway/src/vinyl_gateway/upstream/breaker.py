"""When an instance of a service is left alone: it fails too often, or has stopped answering."""

import random
import time
from collections import deque
from collections.abc import Callable

import msgspec

WINDOW_SECONDS = 10.0
FEWEST_OUTCOMES = 20
MOST_FAILURES = 0.5
# As long as this nobody of several who wait got an answer: it hangs, whatever the time-outs are.
STALL_SECONDS = 3.0
FEWEST_WAITING = 5
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# Where nobody listens, asking is cheap; so long it may be that it only restarts.
REFUSED_PAUSE_SECONDS = 0.1
RESTART_SECONDS = 3.0
PROBES = 3


class _Second(msgspec.Struct):
    """What became of those whose outcome was told in it: one by one they would fill the window's memory."""

    began_at: float
    answers: int = 0
    failures: int = 0


class Breaker:
    """Closed it admits everybody; open nobody; half open, after a pause, one at a time, until as many in a
    row were answered as are needed to trust it. Each pause that led to nothing doubles the next.

    Whoever is admitted says `answered`, `failed` or `left` in the end; `left` says nothing of the instance.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._second = _Second(clock())
        self._seconds: deque[_Second] = deque([self._second])
        self._began_at: dict[int, float] = {}
        self._sending: set[int] = set()
        self._tickets = 0
        self._answered_at = clock()
        self._is_closed = True
        self._open_until = 0.0
        self._pause = FIRST_PAUSE_SECONDS
        self._proofs = 0
        self._refused_at: float | None = None

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    @property
    def waiting(self) -> int:
        """How many were admitted and have no answer yet."""
        return len(self._began_at)

    @property
    def sending(self) -> int:
        """Those of them whose clients have more to send."""
        return len(self._sending)

    @property
    def kept_waiting(self) -> int:
        """Those of them whose clients have sent all."""
        return len(self._began_at) - len(self._sending)

    def admits(self) -> bool:
        if self._is_closed and self._is_stalled():
            self._open()
        if self._is_closed:
            return True
        probes = (began_at for began_at in self._began_at.values() if began_at >= self._open_until)
        return self._clock() >= self._open_until and next(probes, None) is None

    def may_be_restarting(self) -> bool:
        """A moment ago nobody listened any more, or it proves itself after that."""
        return self._refused_at is not None and self._clock() - self._refused_at < RESTART_SECONDS

    def admit(self, *, is_sending: bool) -> int:
        """A ticket, to be given back with the outcome. Of one whose client is still sending nobody can say
        that the instance lets it wait."""
        self._tickets += 1
        self._began_at[self._tickets] = self._clock()
        if is_sending:
            self._sending.add(self._tickets)
        return self._tickets

    def answered(self, ticket: int) -> float:
        """How many seconds it took."""
        began_at = self.left(ticket)
        is_probe = began_at >= self._open_until
        self._answered_at = self._clock()
        if self._is_closed:
            self._refused_at = None
            self._second_of(self._answered_at).answers += 1
        elif is_probe:
            self._proofs += 1
            self._refused_at = None if self._refused_at is None else self._answered_at
            if self._proofs == PROBES:
                self._close()
        return self._answered_at - began_at

    def failed(self, ticket: int, *, is_refused: bool = False) -> None:
        """`is_refused` where nobody listens."""
        is_probe = self.left(ticket) >= self._open_until
        if is_refused and self._refused_at is None:
            self._refused_at = self._clock()
        if self._is_closed:
            self._second_of(self._clock()).failures += 1
            failures = sum(second.failures for second in self._seconds)
            outcomes = failures + sum(second.answers for second in self._seconds)
            if outcomes >= FEWEST_OUTCOMES and failures > MOST_FAILURES * outcomes:
                self._open(is_refused=is_refused)
        elif is_probe:
            self._open(is_refused=is_refused)

    def left(self, ticket: int) -> float:
        """When it was admitted."""
        self._sending.discard(ticket)
        return self._began_at.pop(ticket)

    def _second_of(self, now: float) -> _Second:
        if now < self._second.began_at + 1.0:
            return self._second
        while self._seconds and self._seconds[0].began_at < now - WINDOW_SECONDS:
            self._seconds.popleft()
        self._second = _Second(now)
        self._seconds.append(self._second)
        return self._second

    def _is_stalled(self) -> bool:
        """Of those whose clients have sent all."""
        waiting = len(self._began_at) - len(self._sending)
        now = self._clock()
        if waiting < FEWEST_WAITING or now - self._answered_at <= STALL_SECONDS:
            return False
        oldest = next(began_at for ticket, began_at in self._began_at.items() if ticket not in self._sending)
        return now - oldest > STALL_SECONDS

    def _open(self, *, is_refused: bool = False) -> None:
        self._is_closed = False
        self._proofs = 0
        pause = self._pause
        if is_refused and self.may_be_restarting():
            pause = REFUSED_PAUSE_SECONDS
        else:
            self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        self._open_until = self._clock() + pause * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret

    def _close(self) -> None:
        self._is_closed = True
        self._refused_at = None
        self._pause = FIRST_PAUSE_SECONDS
        self._second = _Second(self._clock())
        self._seconds = deque([self._second])
