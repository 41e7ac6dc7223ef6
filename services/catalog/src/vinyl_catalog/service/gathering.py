"""Reads of single things, those of one turn of the loop gathered into one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import Context
from typing import Generic, TypeAlias, TypeVar, cast

KeyT = TypeVar("KeyT")
ItemT = TypeVar("ItemT")
_Taken: TypeAlias = list[tuple[KeyT, asyncio.Future[ItemT | None]]]
_MOST = 100
_AT_ONCE = 4
_LATE_SECONDS = 0.01


class Gathering(Generic[KeyT, ItemT]):
    """`read_all` answers several keys nearly as cheaply as one, and leaves out what is not there. What is
    asked for while it is busy waits for the next time: the more is asked, the less each costs. A read that
    takes long is not waited for."""

    def __init__(self, read_all: Callable[[Sequence[KeyT]], Awaitable[Mapping[KeyT, ItemT]]]) -> None:
        self._read_all = read_all
        self._waiting: _Taken[KeyT, ItemT] = []
        self._running: dict[asyncio.Task[None], _Taken[KeyT, ItemT]] = {}
        self._late: set[asyncio.Task[None]] = set()

    async def read(self, key: KeyT) -> ItemT | None:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[ItemT | None] = loop.create_future()
        self._waiting.append((key, answer))
        if len(self._waiting) == 1:
            # in a context of its own: it is about many requests, not about the first of them
            loop.call_soon(self._begin, context=Context())
        try:
            return await answer
        except asyncio.CancelledError:
            self._stop_unwanted()
            raise

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting and len(self._late) == len(self._running) < _AT_ONCE:
            taken, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            taken = [(key, answer) for key, answer in taken if not answer.done()]
            if not taken:
                continue
            task = loop.create_task(self._answer(taken))
            self._running[task] = taken
            task.add_done_callback(self._end)
            loop.call_later(_LATE_SECONDS, self._be_late, task)

    def _be_late(self, task: asyncio.Task[None]) -> None:
        if task in self._running:
            self._late.add(task)
            self._begin()

    def _end(self, task: asyncio.Task[None]) -> None:
        if self._running.pop(task, None) is not None:
            self._late.discard(task)
            self._begin()

    def _stop_unwanted(self) -> None:
        """A read that all who asked for it have left goes on for nobody."""
        for task, taken in self._running.items():
            if all(answer.done() for _, answer in taken):
                task.cancel()

    async def _answer(self, taken: _Taken[KeyT, ItemT]) -> None:
        try:
            found = await self._read_all(list({key for key, _ in taken}))
        except Exception as error:
            for _, answer in taken:
                if not answer.done():
                    answer.set_exception(error)
            return
        # so that the next read is under way while these are answered: it is sent when the loop's turn ends
        self._end(cast("asyncio.Task[None]", asyncio.current_task()))
        await asyncio.sleep(0)
        for key, answer in taken:
            if not answer.done():
                answer.set_result(found.get(key))
