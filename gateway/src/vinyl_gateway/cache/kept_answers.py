"""What is kept, within a bound of bytes, by target and by the names that changes are told of."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

import msgspec

# Nothing that was asked for longer ago is still on its way.
LONGEST_FETCH_SECONDS = 60.0
# An import tells of more albums in a minute than there is room to remember.
MOST_PURGED = 50_000
_AROUND_BYTES = 1024
# How many that found no room are remembered, so that the next time they get it; and as many before them.
MOST_TURNED_AWAY = 20_000


class Kept(msgspec.Struct, eq=False):
    """An answer to anybody. `began_at`: when it was asked for; it may be sent for `seconds` after that.

    `names` are what it shows; `headers` are those for clients, without its length and its tag. `packed` is
    its body in gzip, once somebody asked for that.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    etag: bytes
    names: frozenset[str]
    began_at: float
    seconds: float
    packed: bytes | None = None

    def size_at(self, target: bytes) -> int:
        """In bytes, as if it were packed too."""
        return len(self.body) * 3 // 2 + len(target) + _AROUND_BYTES


class KeptAnswers:
    """Who asks a service takes the count of `purges` first and gives it back with the answer: what was purged
    meanwhile is not kept.

    Where there is room everything is. Where there is none, only what is asked for again takes another's: who
    reads everything once would else drive out what others read every day, and pay for it.
    """

    def __init__(self, most_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most_bytes = most_bytes
        self._clock = clock
        self._by_target: OrderedDict[bytes, Kept] = OrderedDict()
        self._targets: dict[str, set[bytes]] = {}
        self._purged: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._forgotten = 0
        self._turned_away: set[int] = set()
        self._turned_away_before: set[int] = set()
        self.purges = 0
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._by_target)

    def find(self, target: bytes) -> Kept | None:
        kept = self._by_target.get(target)
        if kept is not None:
            self._by_target.move_to_end(target)
        return kept

    def keep(self, target: bytes, kept: Kept, purges: int) -> None:
        size = kept.size_at(target)
        if size > self._most_bytes // 16 or self._was_purged(kept.names, purges):
            return
        if self.bytes + size > self._most_bytes and not self._is_asked_again(target):
            return
        self._drop(target)
        self._by_target[target] = kept
        self.bytes += size
        for name in kept.names:
            self._targets.setdefault(name, set()).add(target)
        while self.bytes > self._most_bytes:
            self._drop(next(iter(self._by_target)))

    def purge(self, names: Iterable[str]) -> None:
        self.purges += 1
        now = self._clock()
        for name in names:
            for target in list(self._targets.get(name, ())):
                self._drop(target)
            self._purged.pop(name, None)
            self._purged[name] = (self.purges, now)
        while self._purged and next(iter(self._purged.values()))[1] < now - LONGEST_FETCH_SECONDS:
            self._purged.popitem(last=False)
        while len(self._purged) > MOST_PURGED:
            self._forgotten, _ = self._purged.popitem(last=False)[1]

    def _is_asked_again(self, target: bytes) -> bool:
        """Two targets of one hash do no harm."""
        known = hash(target)
        if target in self._by_target or known in self._turned_away or known in self._turned_away_before:
            return True
        if len(self._turned_away) >= MOST_TURNED_AWAY:
            self._turned_away_before, self._turned_away = self._turned_away, set()
        self._turned_away.add(known)
        return False

    def _was_purged(self, names: Iterable[str], purges: int) -> bool:
        """What was asked for before a forgotten purge may be of that name."""
        if purges < self._forgotten:
            return True
        return any(self._purged.get(name, (0, 0.0))[0] > purges for name in names)

    def _drop(self, target: bytes) -> None:
        dropped = self._by_target.pop(target, None)
        if dropped is None:
            return
        self.bytes -= dropped.size_at(target)
        for name in dropped.names:
            targets = self._targets[name]
            targets.discard(target)
            if not targets:
                del self._targets[name]
