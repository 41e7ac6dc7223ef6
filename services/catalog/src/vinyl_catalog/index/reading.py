"""The documents of what the tables hold, made by a process of its own."""

import asyncio
import sys
from collections.abc import AsyncGenerator

import msgspec

from vinyl_catalog.index import reading_process
from vinyl_catalog.index.reading_process import LENGTH_BYTES, Asked

_MOST_BUFFERED = 1 << 20


class ReadingEnded(Exception):
    """The process was killed, as the system does when memory runs out, or Postgres was away."""

    def __init__(self) -> None:
        super().__init__("the process that reads the tables for the index ended")


async def documents_seen_by(snapshot: str, database_url: str) -> AsyncGenerator[list[bytes], None]:
    """Some hundreds at a time; no more are made than wait to be taken. Raises ReadingEnded."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", reading_process.__name__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_MOST_BUFFERED,
    )
    telling, taking = process.stdin, process.stdout
    if telling is None or taking is None:
        raise ReadingEnded
    try:
        telling.write(msgspec.json.encode(Asked(database_url, snapshot)))
        telling.close()
        while length := int.from_bytes(await taking.readexactly(LENGTH_BYTES)):
            yield (await taking.readexactly(length)).split(b"\n")
    except (ConnectionError, asyncio.IncompleteReadError):
        raise ReadingEnded from None
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
