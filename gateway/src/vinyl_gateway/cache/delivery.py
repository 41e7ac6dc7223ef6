"""A fetch of which all of the answer has come at once."""

from litestar.types import Send

from vinyl_gateway.cache.sending import Wishes, form_of, send_answer
from vinyl_gateway.cache.shared_answers import Fetch, SharedAnswers
from vinyl_gateway.forwarding.errands import Answer, Errand
from vinyl_gateway.header_rules import lines_of
from vinyl_gateway.http1.whole_answer import whole_answer
from vinyl_gateway.records import Visit
from vinyl_gateway.upstream.connection import Head
from vinyl_gateway.upstream.instances import Asked


class ForAll:
    """Who asked gets it, whoever asked the same meanwhile, and who will."""

    __slots__ = ("_fetch", "_shared", "_wishes")

    def __init__(self, shared: SharedAnswers, fetch: Fetch, wishes: Wishes) -> None:
        self._shared = shared
        self._fetch = fetch
        self._wishes = wishes

    def answer(self, head: Head, body: bytes, visit: Visit) -> bytes:
        answer = self._shared.finish(self._fetch, Answer(head.status, head.headers, body))
        visit.status, headers, body = form_of(answer, self._wishes, self._fetch.began_at, [])
        return whole_answer(visit.status, lines_of(headers) + visit.lines, body)

    async def go_on(self, errand: Errand, asked: Asked | None, visit: Visit, send: Send) -> int:
        answer = await self._shared.go_on(errand, self._fetch, asked)
        return await send_answer(answer, self._wishes, self._fetch.began_at, send, visit.added)
