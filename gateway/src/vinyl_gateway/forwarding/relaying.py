"""Bodies on their way between a client and a service, a part at a time."""

from litestar.types import Send

from vinyl_gateway.forwarding.errands import chunk
from vinyl_gateway.request_body import RequestBody
from vinyl_gateway.upstream.connection import Connection
from vinyl_gateway.upstream.errors import AnswerGarbled

IDLE_SECONDS = 30.0
ANSWER_LIMIT = 64 * 1024 * 1024


async def send_rest(connection: Connection, body: RequestBody) -> None:
    """Stops where the service has answered already: it does not want the rest."""
    async for part in body.rest():
        if connection.answered:
            await body.drain()
            return
        await connection.write(chunk(part) if body.length is None else part, IDLE_SECONDS)
    if body.length is None:
        await connection.write(b"0\r\n\r\n", IDLE_SECONDS)
    connection.end_request()


async def relay_body(connection: Connection, send: Send, *, discard: bool) -> None:
    relayed = 0
    complete = False
    while not complete:
        data = await connection.read(IDLE_SECONDS)
        complete = connection.complete
        relayed += len(data)
        if relayed > ANSWER_LIMIT:
            raise AnswerGarbled("The answer is longer than any that is passed on.")
        if complete or not discard:
            body = b"" if discard else data
            await send({"type": "http.response.body", "body": body, "more_body": not complete})


async def read_body(connection: Connection, most_bytes: int) -> bytes:
    parts: list[bytes] = []
    room = most_bytes
    while not connection.complete or not parts:
        parts.append(await connection.read(IDLE_SECONDS))
        room -= len(parts[-1])
        if room < 0:
            raise AnswerGarbled("The answer is longer than any that is taken in whole.")
    return b"".join(parts)
