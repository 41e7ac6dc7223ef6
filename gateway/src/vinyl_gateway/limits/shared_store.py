"""What all gateways know of the limits: a stream in NATS' memory, with the last message of each subject."""

import asyncio
import struct
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import nats.errors
import structlog
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, Header, StorageType, StreamConfig
from nats.js.errors import BadRequestError, NotFoundError
from nats.js.errors import Error as JetStreamError

from vinyl_chassis.messaging.broker import Broker, declare_stream

STREAM = "VINYL_LIMITS"
SUBJECTS = "vinyl_limits"
KEPT_SECONDS = 60.0
MOST_BYTES = 64 * 1024 * 1024
# A wait is counted in turns of the event loop, so that this process's own delays are not held against NATS.
TURN_SECONDS = 0.01
PATIENCE_TURNS = 5
_PROBE_TURNS = 50
_CLOCK_SECONDS = 10.0
_RETRY_SECONDS = 0.25
_ANOTHER_CLOCK = 1_000_000_000
_WRONG_LAST_SEQUENCE = 10071
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VALUE = struct.Struct(">q")
_FAULTS = (nats.errors.Error, JetStreamError, OSError, TimeoutError)
_T = TypeVar("_T")
_log = structlog.get_logger("limits")


class StoreAway(Exception):
    """The store did not answer, or not in time."""


class SharedStore:
    """Numbers by subject, changed only by who knows the last one's revision, kept for `kept_seconds`.

    Its time is that of NATS' machine, so that it is one for all gateways. What was noted before it was known,
    or before it leapt, is later by as much as `leapt` has grown.
    """

    def __init__(
        self,
        broker: Broker,
        kept_seconds: float = KEPT_SECONDS,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._broker = broker
        self._kept_seconds = kept_seconds
        self._clock = clock
        self._offset = time.time_ns() - clock()
        self._clock_subject = f"{SUBJECTS}.clock.{uuid4().hex}"
        self._jetstream: JetStreamContext
        self._present = asyncio.Event()
        self._lost = asyncio.Event()
        self.leapt = 0

    @property
    def is_present(self) -> bool:
        return self._present.is_set()

    def now(self) -> int:
        """Nanoseconds since 1970."""
        return self._clock() + self._offset

    async def watch(self) -> None:
        """Finds the store, and finds it again whenever it is lost. Until cancelled."""
        while True:
            try:
                await self._find()
                await self._set_clock()
                self._present.set()
                _log.info("limits_shared")
                while not self._lost.is_set():
                    await _wait_for(self._lost, _CLOCK_SECONDS)
                    await self._set_clock()
            except (StoreAway, *_FAULTS) as error:
                self._lose(error)
            await asyncio.sleep(_RETRY_SECONDS)

    async def wait_until_present(self, seconds: float) -> None:
        """At most so long."""
        await _wait_for(self._present, seconds)

    async def swap(self, subject: str, number: int, revision: int) -> int | None:
        """The new revision, or None where `revision` is not the last one's (0: there is none)."""
        asking = self._jetstream.publish(
            subject,
            _VALUE.pack(number),
            timeout=1.0,
            headers={Header.EXPECTED_LAST_SUBJECT_SEQUENCE: str(revision)},
        )
        try:
            return (await self._answer_to(asking, PATIENCE_TURNS)).seq
        except BadRequestError as error:
            if error.err_code == _WRONG_LAST_SEQUENCE:
                return None
            self._lose(error)
            raise StoreAway from error

    async def read(self, subject: str) -> tuple[int, int]:
        """The last number and its revision, or zeros."""
        asking = self._jetstream.get_last_msg(STREAM, subject, direct=True)
        try:
            found = await self._answer_to(asking, PATIENCE_TURNS)
        except NotFoundError:
            return 0, 0
        return _VALUE.unpack(found.data or b"")[0], found.seq or 0

    async def _find(self) -> None:
        self._lost.clear()
        self._jetstream = await self._broker.jetstream()
        stream = StreamConfig(
            name=STREAM,
            subjects=[f"{SUBJECTS}.>"],
            storage=StorageType.MEMORY,
            max_msgs_per_subject=1,
            max_age=self._kept_seconds,
            max_bytes=MOST_BYTES,
            discard=DiscardPolicy.OLD,
            allow_direct=True,
            # a revision is never that of another number, not even after NATS has lost its memory
            first_seq=time.time_ns() // 1000,
        )
        await self._answer_to(declare_stream(self._jetstream, stream), _PROBE_TURNS)

    async def _set_clock(self) -> None:
        before = self._clock()
        await self._answer_to(self._jetstream.publish(self._clock_subject), _PROBE_TURNS)
        after = self._clock()
        asking = self._jetstream.get_last_msg(STREAM, self._clock_subject, direct=True)
        stamped = (await self._answer_to(asking, _PROBE_TURNS)).time or datetime.now(UTC)
        offset = (stamped - _EPOCH) // timedelta(microseconds=1) * 1000 - (before + after) // 2
        leap = offset - self._offset
        self._offset = offset
        if abs(leap) > _ANOTHER_CLOCK:
            self.leapt += leap

    async def _answer_to(self, asking: Coroutine[Any, Any, _T], turns: int) -> _T:
        """Raises StoreAway, or what NATS refused the question with."""
        task = asyncio.create_task(asking)
        for _ in range(turns):
            if task.done():
                break
            await asyncio.wait([task], timeout=TURN_SECONDS)
        else:
            task.add_done_callback(lambda late: late.cancelled() or late.exception())
            self._lose(TimeoutError())
            raise StoreAway
        try:
            return task.result()
        except (BadRequestError, NotFoundError):
            raise
        except _FAULTS as error:
            self._lose(error)
            raise StoreAway from error

    def _lose(self, error: Exception) -> None:
        if self.is_present:
            _log.warning("limits_unshared", error=repr(error))
        self._present.clear()
        self._lost.set()


async def _wait_for(event: asyncio.Event, seconds: float) -> None:
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait([waiting], timeout=seconds)
    finally:
        waiting.cancel()
