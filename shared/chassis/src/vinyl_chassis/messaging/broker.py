"""The connection to NATS: made when first needed, kept for ever, made again when it breaks."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import nats
import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats.js.errors import BadRequestError

from vinyl_chassis.messaging.streams import STREAMS

_log = structlog.get_logger("broker")
_RETRY_SECONDS = 1.0
_CLOSING_SECONDS = 2.0


class Broker:
    """`on_loss` is called whenever messages may have been missed: the connection broke, or ran over."""

    def __init__(self, url: str, name: str, on_loss: Callable[[], None] | None = None) -> None:
        self._url = url
        self._name = name
        self._on_loss = on_loss
        self._client: Client | None = None
        self._lock = asyncio.Lock()

    async def jetstream(self) -> JetStreamContext:
        """Waits as `client` does."""
        return (await self.client()).jetstream()

    async def client(self) -> Client:
        """Waits for NATS as long as it takes; the streams exist when it returns for the first time."""
        async with self._lock:
            if self._client is None or self._client.is_closed:
                self._client = await self._connect()
                await self._declare(self._client)
        return self._client

    async def ensure_streams(self) -> None:
        """Declares the streams again, for a broker that lost them."""
        async with self._lock:
            if self._client is not None and self._client.is_connected:
                await self._declare(self._client)

    async def close(self) -> None:
        if self._client is not None and not self._client.is_closed:
            # it may be breaking at this very moment; since Python 3.12 a write is a TypeError then
            with suppress(OSError, TimeoutError, TypeError):
                async with asyncio.timeout(_CLOSING_SECONDS):
                    await self._client.close()

    async def _connect(self) -> Client:
        while True:
            try:
                return await nats.connect(
                    self._url,
                    name=self._name,
                    connect_timeout=3,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=0.25,
                    allow_reconnect=True,
                    ping_interval=10,
                    error_cb=self._note_error,
                    disconnected_cb=self._note_loss,
                )
            except (OSError, nats.errors.Error, TimeoutError) as error:
                _log.warning("broker_away", error=repr(error))
                await asyncio.sleep(_RETRY_SECONDS)

    async def _note_error(self, error: Exception) -> None:
        """Also heard between the attempts of a first connection, which would go on for ever."""
        leave_if_cancelled()
        _log.warning("broker_connection", error=repr(error))
        if isinstance(error, nats.errors.SlowConsumerError):
            await self._note_loss()

    async def _note_loss(self) -> None:
        if self._on_loss is not None:
            self._on_loss()

    async def _declare(self, client: Client) -> None:
        for stream in STREAMS:
            while True:
                try:
                    await declare_stream(client.jetstream(), stream)
                    break
                except (OSError, nats.errors.Error, TimeoutError) as error:
                    _log.warning("streams_not_declared", error=repr(error))
                    await asyncio.sleep(_RETRY_SECONDS)


async def end(task: "asyncio.Task[None]") -> None:
    """Cancels a task that speaks to NATS, as often as that takes: see `leave_if_cancelled`."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.5)


def leave_if_cancelled() -> None:
    """NATS' client waits by `wait_for`, which before Python 3.12 can swallow a cancellation."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def declare_stream(jetstream: JetStreamContext, stream: StreamConfig) -> None:
    """As it is described now, whether there is one or not."""
    try:
        await jetstream.add_stream(stream)
    except BadRequestError:
        await jetstream.update_stream(stream)
