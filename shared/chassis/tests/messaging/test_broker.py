"""What speaks to NATS can be ended, though its client may swallow a cancellation."""

import asyncio
from contextlib import suppress

from vinyl_chassis.messaging.broker import end


async def test_a_task_is_ended_that_does_not_hear_it_the_first_time() -> None:
    heard = 0

    async def deaf() -> None:
        nonlocal heard
        while heard < 2:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
            heard += 1

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await end(task)
    assert heard == 2
    assert task.done()
