"""How many may do something at once; the others wait, in the order in which they came."""

import asyncio
from collections import deque


class Places:
    """A semaphore whose place can be taken without a coroutine, where one is free."""

    def __init__(self, number: int) -> None:
        self._free = number
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take_at_once(self) -> bool:
        if self._free == 0:
            return False
        self._free -= 1
        return True

    async def wait(self) -> None:
        """For a place that somebody gives back."""
        given: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(given)
        try:
            await given
        except asyncio.CancelledError:
            if given.done() and not given.cancelled():
                self.give()
            raise

    def give(self) -> None:
        while self._waiting:
            given = self._waiting.popleft()
            if not given.done():
                given.set_result(None)
                return
        self._free += 1
