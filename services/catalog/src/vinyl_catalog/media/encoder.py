"""Uploads made anew outside this process, a few at a time."""

import asyncio
import sys

import msgspec
import structlog

from vinyl_catalog.domain.pictures import Encoded
from vinyl_catalog.domain.refusals import InvalidImage
from vinyl_catalog.media.encoding import Made, Refused
from vinyl_contracts.errors import Unavailable

LONGEST_SECONDS = 25.0
MOST_WAITING = 20
_COMMAND = (sys.executable, "-I", "-m", "vinyl_catalog.media.encoding")
_log = structlog.get_logger("media")


class Encoder:
    """A process for each upload: what breaks or hangs a decoder ends that process and nothing else.

    It sees no setting and no secret, and the system holds it to its memory and its processor time.
    """

    def __init__(self, at_once: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._waiting = 0

    async def make_anew(self, upload: bytes) -> Encoded:
        """Raises InvalidImage, or Unavailable where too many wait already."""
        if self._waiting >= MOST_WAITING:
            raise Unavailable("Too many pictures are being uploaded right now; try again in a moment.", 5)
        self._waiting += 1
        try:
            async with asyncio.timeout(LONGEST_SECONDS), self._places:
                answer = await _ask(upload)
        except TimeoutError:
            raise Unavailable(
                "The picture could not be prepared in time; try again in a moment.", 5
            ) from None
        finally:
            self._waiting -= 1
        if isinstance(answer, Refused):
            raise InvalidImage(answer.reason)
        return answer.encoded


async def _ask(upload: bytes) -> Made | Refused:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*_COMMAND, stdin=pipe, stdout=pipe, stderr=pipe, env={})
    try:
        out, complaints = await process.communicate(upload)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0:
        return msgspec.msgpack.decode(out, type=Made | Refused)
    _log.warning("decoder_died", status=process.returncode, said=complaints[-2000:].decode(errors="replace"))
    return Refused("cannot be read: it asks too much of whoever reads it")
