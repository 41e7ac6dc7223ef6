"""Several quick reads that a gateway asks for in one request."""

import asyncio
import time
from collections.abc import Mapping

from litestar.types import Scope

from vinyl_chassis.observation import note
from vinyl_chassis.quick_reads import QuickReads
from vinyl_contracts.batches import MEDIA_TYPE, Reply, reads_in, told


class BatchedReads:
    """Each is counted and logged as if it had come by itself."""

    def __init__(self, reads: QuickReads) -> None:
        self._reads = reads

    async def reply(self, scope: Scope, _headers: Mapping[bytes, bytes]) -> Reply | None:
        """None for what is no batch: there is no such route then."""
        try:
            asked = reads_in(scope["query_string"])
        except ValueError:
            return None
        body = told(await asyncio.gather(*(self._read(*each) for each in asked)))
        return 200, [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", b"%d" % len(body))], body

    async def _read(self, request_id: str, path: str) -> Reply | None:
        quick = self._reads.find_by_path(path)
        if quick is None:
            return None
        began = time.perf_counter()
        reply = await self._reads.reply_to_all(quick, path)
        if reply is not None:
            note("GET", quick.template, path, reply[0], time.perf_counter() - began, request_id)
        return reply
