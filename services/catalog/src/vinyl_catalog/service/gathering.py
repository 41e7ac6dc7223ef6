"""Reads of single things, those of one turn of the loop gathered into one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import Context
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT")
ItemT = TypeVar("ItemT")
_MOST = 100
_AT_ONCE = 4


class Gathering(Generic[KeyT, ItemT]):
    """`read_all` answers several keys nearly as cheaply as one, and leaves out what is not there. What is
    asked for while it is busy waits for the next time: the more is asked, the less each costs."""

    def __init__(self, read_all: Callable[[Sequence[KeyT]], Awaitable[Mapping[KeyT, ItemT]]]) -> None:
        self._read_all = read_all
        self._waiting: list[tuple[KeyT, asyncio.Future[ItemT | None]]] = []
        self._running: set[asyncio.Task[None]] = set()

    async def read(self, key: KeyT) -> ItemT | None:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[ItemT | None] = loop.create_future()
        self._waiting.append((key, answer))
        if len(self._waiting) == 1:
            # in a context of its own: it is about many requests, not about the first of them
            loop.call_soon(self._begin, context=Context())
        return await answer

    def _begin(self) -> None:
        while self._waiting and len(self._running) < _AT_ONCE:
            taken, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            task = asyncio.get_running_loop().create_task(self._answer(taken))
            self._running.add(task)
            task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._begin()

    async def _answer(self, taken: Sequence[tuple[KeyT, asyncio.Future[ItemT | None]]]) -> None:
        try:
            found = await self._read_all(list({key for key, _ in taken}))
        except Exception as error:
            for _, answer in taken:
                if not answer.done():
                    answer.set_exception(error)
            return
        for key, answer in taken:
            if not answer.done():
                answer.set_result(found.get(key))
