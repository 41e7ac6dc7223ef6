"""What reaches a service, what comes back, and what is said when the service fails."""

import asyncio
from typing import Any

import httpx

from vinyl_gateway.request_body import HELD_BYTES

PRODUCT = "/api/v1/products/0190"


async def test_a_request_reaches_its_service_and_the_answer_comes_back(
    client: httpx.AsyncClient, catalog: Any, write_reply: Any
) -> None:
    async def answer(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(write_reply("200 OK", {"Content-Type": "application/json", "ETag": '"7"'}, b'{"id":1}'))

    catalog.answer = answer
    said = await client.get(f"{PRODUCT}?q=caf%C3%A9&b=2", headers={"If-None-Match": '"6"'})
    assert (said.status_code, said.json(), said.headers["etag"]) == (200, {"id": 1}, '"7"')
    [request] = catalog.received
    assert (request.method, request.target) == ("GET", f"{PRODUCT}?q=caf%C3%A9&b=2")
    assert request.header("if-none-match") == '"6"'
    assert request.header("host") == f"127.0.0.1:{catalog.port}"


async def test_connections_to_a_service_are_used_again(client: httpx.AsyncClient, catalog: Any) -> None:
    for _ in range(20):
        assert (await client.get(PRODUCT)).status_code == 200
    assert catalog.connections == 1
    await asyncio.gather(*(client.get(PRODUCT) for _ in range(50)))
    assert len(catalog.received) == 70


async def test_head_is_asked_as_get_and_answered_without_a_body(
    client: httpx.AsyncClient, catalog: Any
) -> None:
    said = await client.head(PRODUCT)
    assert said.status_code == 200
    assert said.content == b""
    assert int(said.headers["content-length"]) > 0
    assert catalog.received[0].method == "GET"
    assert (await client.get(PRODUCT)).json() == {"target": PRODUCT}


async def test_a_body_arrives_whole_by_length_and_in_chunks(
    client: httpx.AsyncClient, services: Any, token_for: Any
) -> None:
    signed_in = {"Authorization": f"Bearer {token_for('ada')}", "Content-Type": "application/json"}
    big = b'{"entries":["' + b"x" * 500_000 + b'"]}'
    assert (await client.put("/api/v1/users/content", content=big, headers=signed_in)).status_code == 200

    async def parts() -> Any:
        for at in range(0, len(big), 30_000):
            yield big[at : at + 30_000]
            await asyncio.sleep(0)

    assert (await client.put("/api/v1/users/content", content=parts(), headers=signed_in)).status_code == 200
    assert [request.body == big for request in services["user"].received] == [True, True]


async def test_a_long_answer_is_streamed_while_it_is_made(
    client: httpx.AsyncClient, catalog: Any, write_reply: Any
) -> None:
    gate = asyncio.Event()

    async def answer(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        await gate.wait()
        for _ in range(64):
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            await writer.drain()
        writer.write(b"0\r\n\r\n")

    catalog.answer = answer
    async with client.stream("GET", "/api/v1/products") as said:
        parts = said.aiter_bytes()
        assert await anext(parts) == b"first"
        gate.set()
        assert sum([len(part) async for part in parts]) == 64 * 65536


async def test_a_service_that_is_down_is_a_503_that_says_when_to_come_back(
    client: httpx.AsyncClient, catalog: Any
) -> None:
    await catalog.stop()
    said = await client.get(PRODUCT)
    assert (said.status_code, said.json()["code"]) == (503, "service_unavailable")
    assert said.headers["retry-after"] == "1"
    assert said.headers["content-type"] == "application/problem+json"
    assert (await client.get("/api/v1/ratings")).status_code == 200


async def test_a_service_that_restarts_within_a_moment_is_not_noticed(
    client: httpx.AsyncClient, catalog: Any
) -> None:
    assert (await client.get(PRODUCT)).status_code == 200
    await catalog.stop()
    asking = asyncio.create_task(client.get(PRODUCT))
    await asyncio.sleep(0.05)
    await catalog.start()
    assert (await asking).status_code == 200


async def test_who_met_nobody_first_may_still_meet_a_connection_that_breaks(
    client: httpx.AsyncClient, catalog: Any
) -> None:
    assert (await client.get(PRODUCT)).status_code == 200
    await catalog.stop()
    asking = asyncio.create_task(client.get(PRODUCT))
    await asyncio.sleep(0.05)
    breaking = iter([True])

    async def answer(_request: Any, writer: asyncio.StreamWriter) -> None:
        if next(breaking, False):
            writer.close()
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    catalog.answer = answer
    await catalog.start()
    assert (await asking).status_code == 200
    assert next(breaking, None) is None


async def test_a_get_whose_connection_was_just_closed_is_asked_once_more_and_a_post_is_not(
    client: httpx.AsyncClient, services: Any, token_for: Any
) -> None:
    user = services["user"]
    signed_in = {"Authorization": f"Bearer {token_for('ada')}"}
    failing = iter([True, False, True])

    async def answer(request: Any, writer: asyncio.StreamWriter) -> None:
        if next(failing):
            writer.close()
        else:
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    user.answer = answer
    assert (await client.get("/api/v1/wants", headers=signed_in)).status_code == 204
    assert len(user.received) == 2
    said = await client.post("/api/v1/wants", json={}, headers=signed_in)
    assert said.status_code == 503
    assert len(user.received) == 3


async def test_garbage_is_a_502_and_a_broken_head_too(client: httpx.AsyncClient, catalog: Any) -> None:
    for raw in (
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\nContent-Length: 0\r\n\r\n",
    ):

        async def answer(_request: Any, writer: asyncio.StreamWriter, raw: bytes = raw) -> None:
            writer.write(raw)
            await writer.drain()
            writer.close()

        catalog.answer = answer
        said = await client.get(PRODUCT)
        assert (said.status_code, said.json()["code"]) == (502, "bad_gateway"), raw[:40]


async def test_an_error_without_a_problem_document_gets_one(
    client: httpx.AsyncClient, catalog: Any, write_reply: Any
) -> None:
    for status, shown, code in (
        ("431 Request Header Fields Too Large", 431, "refused"),
        ("400 Bad Request", 400, "refused"),
        ("500 Internal Server Error", 502, "bad_gateway"),
    ):

        async def answer(_request: Any, writer: asyncio.StreamWriter, status: str = status) -> None:
            writer.write(write_reply(status, {"Content-Type": "text/plain"}, b"Traceback: line 1"))

        catalog.answer = answer
        said = await client.get(PRODUCT)
        assert (said.status_code, said.json()["code"]) == (shown, code)
        assert "Traceback" not in said.text


async def test_a_services_own_problem_comes_through_untouched(
    client: httpx.AsyncClient, catalog: Any, write_reply: Any
) -> None:
    async def answer(_request: Any, writer: asyncio.StreamWriter) -> None:
        headers = {"Content-Type": "application/problem+json", "Retry-After": "3"}
        writer.write(write_reply("503 Service Unavailable", headers, b'{"code":"busy"}'))

    catalog.answer = answer
    said = await client.get(PRODUCT)
    assert (said.status_code, said.json(), said.headers["retry-after"]) == (503, {"code": "busy"}, "3")


async def test_an_answer_that_stops_in_the_middle_does_not_look_whole(speak: Any, catalog: Any) -> None:
    async def answer(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        await writer.drain()
        writer.close()

    catalog.answer = answer
    said = await speak(b"GET /api/v1/products HTTP/1.1\r\nHost: a\r\n\r\n")
    assert b"first" in said
    assert not said.endswith(b"0\r\n\r\n")


async def test_a_service_that_answers_early_is_heard_and_its_connection_dropped(
    client: httpx.AsyncClient, services: Any, token_for: Any, write_reply: Any
) -> None:
    user = services["user"]
    signed_in = {"Authorization": f"Bearer {token_for('ada')}"}
    refusal = write_reply("415 Unsupported Media Type", {"Content-Type": "application/problem+json"}, b"{}")
    refused = asyncio.Event()

    async def refuse_at_once(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(refusal)
        await writer.drain()
        refused.set()
        await asyncio.sleep(30)

    user.reads_bodies = False
    user.answer = refuse_at_once

    async def parts() -> Any:
        yield b"{" + b" " * HELD_BYTES
        while not refused.is_set():
            await asyncio.sleep(0.01)
            yield b" "
        yield b"}"

    said = await client.post("/api/v1/wants", content=parts(), headers=signed_in)
    assert said.status_code == 415
    user.reads_bodies, user.answer = True, None
    assert (await client.post("/api/v1/wants", json={}, headers=signed_in)).status_code == 200
    assert user.connections == 2


async def test_a_hung_service_is_a_504(gateways: Any, catalog: Any) -> None:
    async def hang(_request: Any, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    catalog.answer = hang
    address = await gateways(answer_seconds=0.3)
    async with httpx.AsyncClient() as client:
        said = await client.get(address + PRODUCT)
    assert (said.status_code, said.json()["code"]) == (504, "gateway_timeout")
