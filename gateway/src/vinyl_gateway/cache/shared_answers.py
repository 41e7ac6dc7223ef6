"""Answers for everybody alike: kept ones while they are sure, else one request for all who ask at once."""

import asyncio
import enum
import re
import time
from collections.abc import Callable
from functools import lru_cache

import msgspec

from vinyl_contracts.errors import Refusal
from vinyl_gateway.cache.kept_answers import Kept, KeptAnswers
from vinyl_gateway.cache.trust import TRUSTED_SECONDS, Trust
from vinyl_gateway.forwarding.errands import Answer, Errand
from vinyl_gateway.forwarding.forwarding import Forwarding
from vinyl_gateway.header_rules import TO_CLIENTS, lines_of
from vinyl_gateway.refusals import ServiceTooSlow
from vinyl_gateway.upstream.instances import Asked

# While nobody knows what changed, an answer may be this old and no older.
UNTRUSTED_SECONDS = TRUSTED_SECONDS
# An answer that is only old, not known to be wrong, is sent while a new one is fetched, or cannot be.
STALE_SECONDS = 5.0
STALE_ON_ERROR_SECONDS = 30.0
MOST_JOINED_SECONDS = 1.0
MOST_ANSWER_BYTES = 16 * 1024 * 1024
FETCH_SECONDS = 30.0

_KEPT_SECONDS = re.compile(rb"(?:^|[\s,])s-maxage=(\d{1,6})(?:$|[\s,])")
_KEPT_HEADERS = TO_CLIENTS - {b"cache-control", b"content-length", b"etag"}
_KEPT_STATUSES = frozenset([200, 308])
_KEEPING_OF_CLIENTS = (b"cache-control", b"public, max-age=0, must-revalidate")


class Outcome(enum.StrEnum):
    """Where an answer came from. A joined one was under way for somebody else already."""

    KEPT = "kept"
    STALE = "stale"
    JOINED = "joined"
    FETCHED = "fetched"


class Fetch(msgspec.Struct, eq=False):
    """One request on its way for all who ask the same. `purges` is the count of when it began, `waited_for`
    is None until somebody waits."""

    target: bytes
    purges: int
    began_at: float
    is_hasty: bool
    waited_for: "asyncio.Future[Answer | Kept] | None" = None

    def answer(self) -> "asyncio.Future[Answer | Kept]":
        if self.waited_for is None:
            self.waited_for = asyncio.get_running_loop().create_future()
        return self.waited_for


class SharedAnswers:
    def __init__(
        self,
        forwarding: Forwarding,
        kept: KeptAnswers,
        trust: Trust,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._forwarding = forwarding
        self._kept = kept
        self._trust = trust
        self._clock = clock
        self._fetches: dict[bytes, Fetch] = {}
        self._running: set[asyncio.Task[None]] = set()
        self.outcomes = dict.fromkeys(Outcome, 0)

    def at_hand(self, target: bytes) -> Kept | None:
        """What may be sent without asking. Who sends it says so to `sent`."""
        kept = self._kept.find(target)
        return kept if kept is not None and self._is_fresh(kept, self._clock()) else None

    def sent(self) -> None:
        self.outcomes[Outcome.KEPT] += 1

    async def find(self, errand: Errand) -> Answer | Kept:
        """Raises the Refusal of a service that cannot answer. The errand holds nothing of who asks."""
        if (fresh := self.at_hand(errand.target)) is not None:
            self.sent()
            return fresh
        kept = self._kept.find(errand.target)
        if kept is not None and self._may_be_stale(kept, STALE_SECONDS):
            self._fetch(errand, kept)
            return kept
        try:
            return await self._ask_together(errand, kept)
        except Refusal:
            still = self._kept.find(errand.target)
            if still is not None and self._may_be_stale(still, STALE_ON_ERROR_SECONDS):
                return still
            raise

    def is_new(self, target: bytes) -> bool:
        """Nobody else asks for it now, and there is nothing to fall back on."""
        return target not in self._fetches and self._kept.find(target) is None

    def open(self, target: bytes) -> Fetch:
        """For what is new: one of the caller's own, who ends it with `finish` or `go_on`."""
        return self._begin(target, self._clock(), is_hasty=False)

    def finish(self, fetch: Fetch, answer: Answer, before: Kept | None = None) -> Answer | Kept:
        """Keeps it where it may be kept, and tells those who wait."""
        renewed = _kept_of(answer, before, fetch.began_at)
        if self._leave(fetch) and renewed is not None:
            self._kept.keep(fetch.target, renewed, fetch.purges)
        if fetch.waited_for is not None:
            fetch.waited_for.set_result(renewed or answer)
        return renewed or answer

    async def go_on(self, errand: Errand, fetch: Fetch, asked: Asked | None) -> Answer | Kept:
        """To its end, whether somebody was asked already or not. Raises as `find` does."""
        await self._run(errand, None, fetch, asked)
        return fetch.answer().result()

    def _is_fresh(self, kept: Kept, now: float) -> bool:
        age = now - kept.began_at
        return age < kept.seconds and (age < UNTRUSTED_SECONDS or self._trust.covers(kept.began_at, now))

    def _may_be_stale(self, kept: Kept, seconds: float) -> bool:
        now = self._clock()
        may = now - kept.began_at < kept.seconds + seconds and self._trust.covers(kept.began_at, now)
        self.outcomes[Outcome.STALE] += may
        return may

    async def _ask_together(self, errand: Errand, kept: Kept | None) -> Answer | Kept:
        """What is not for keeping may be about the one request, or its haste, so that others ask for their
        own."""
        fetch, is_own = self._fetch(errand, kept)
        try:
            answer = await asyncio.shield(fetch.answer())
        except ServiceTooSlow:
            if is_own or not fetch.is_hasty:
                raise
        else:
            if is_own or isinstance(answer, Kept):
                return answer
        return await self._ask(errand, None)

    def _fetch(self, errand: Errand, kept: Kept | None) -> tuple[Fetch, bool]:
        """The request that is under way, or a new one, and whether it is new."""
        now = self._clock()
        under_way = self._fetches.get(errand.target)
        if under_way is not None and self._may_be_joined(under_way, now):
            self.outcomes[Outcome.JOINED] += 1
            return under_way, False
        fetch = self._begin(errand.target, now, is_hasty=errand.until is not None)
        task = asyncio.create_task(self._run(errand, kept, fetch))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return fetch, True

    def _begin(self, target: bytes, now: float, *, is_hasty: bool) -> Fetch:
        self.outcomes[Outcome.FETCHED] += 1
        fetch = self._fetches[target] = Fetch(target, self._kept.purges, now, is_hasty)
        return fetch

    def _may_be_joined(self, fetch: Fetch, now: float) -> bool:
        """What changed since it began may be missing in its answer; and whom it asked may hang."""
        if now - fetch.began_at > MOST_JOINED_SECONDS:
            return False
        is_sure = now - fetch.began_at < UNTRUSTED_SECONDS or self._trust.covers(fetch.began_at, now)
        return fetch.purges == self._kept.purges and is_sure

    async def _run(self, errand: Errand, kept: Kept | None, fetch: Fetch, asked: Asked | None = None) -> None:
        answer = fetch.answer()
        answer.add_done_callback(_hear_out)
        try:
            self.finish(fetch, await self._ask(errand, kept, asked), kept)
        except Exception as error:  # of which everybody hears who waits
            self._leave(fetch)
            answer.set_exception(error)

    def _leave(self, fetch: Fetch) -> bool:
        """Whether no later request overtook it: nobody may see what is kept go back."""
        is_newest = self._fetches.get(fetch.target) is fetch
        if is_newest:
            del self._fetches[fetch.target]
        return is_newest

    async def _ask(self, errand: Errand, kept: Kept | None, asked: Asked | None = None) -> Answer:
        if kept is not None and kept.etag:
            lines = errand.lines + lines_of([(b"if-none-match", kept.etag)])
            errand = msgspec.structs.replace(errand, lines=lines)
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                return await self._forwarding.collect(errand, MOST_ANSWER_BYTES, asked)
        except TimeoutError:
            raise ServiceTooSlow(errand.service) from None


def _hear_out(answer: "asyncio.Future[Answer | Kept]") -> None:
    """Nobody may be left who waits for a refusal."""
    if not answer.cancelled():
        answer.exception()


def _kept_of(answer: Answer, before: Kept | None, began_at: float) -> Kept | None:
    """None where the service does not say that it may be kept, and under which names."""
    if answer.status == 304 and before is not None:
        return msgspec.structs.replace(before, began_at=began_at)
    said = dict(answer.headers)
    seconds = _seconds_of(said.get(b"cache-control", b""))
    names = frozenset(said.get(b"surrogate-key", b"").decode("latin-1").split())
    if answer.status not in _KEPT_STATUSES or seconds is None or not names:
        return None
    headers = [header for header in answer.headers if header[0] in _KEPT_HEADERS]
    return Kept(
        answer.status,
        [*headers, _KEEPING_OF_CLIENTS, (b"vary", b"accept-encoding")],
        answer.body,
        said.get(b"etag", b""),
        names,
        began_at,
        seconds,
    )


@lru_cache(maxsize=256)
def _seconds_of(cache_control: bytes) -> float | None:
    found = _KEPT_SECONDS.search(cache_control)
    return float(found[1]) if found else None
