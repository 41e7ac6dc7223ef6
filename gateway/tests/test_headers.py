"""Which headers get through, in each direction."""

import asyncio
from typing import Any

import httpx
import pytest

PRODUCT = "/api/v1/products/0190"
PASSED_ON = {
    "accept": "application/json",
    "accept-language": "de",
    "if-none-match": '"1"',
    "idempotency-key": "k-1",
    "user-agent": "a collector's own",
    "range": "bytes=0-1",
}
KEPT_OUT = {
    "cookie": "session=1",
    "x-vinyl-client-address": "10.0.0.1",
    "x-vinyl-user": "admin",
    "x-forwarded-for": "10.0.0.1",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-real-ip": "10.0.0.1",
    "forwarded": "for=10.0.0.1",
    "x-user-id": "1",
    "x-original-url": "/admin",
    "x-http-method-override": "DELETE",
    "content_length": "5",
    "authorization_": "Bearer x",
    "x_forwarded_for": "10.0.0.1",
    "proxy-authorization": "Basic x",
    "te": "trailers",
    "trailer": "X-Late",
    "upgrade": "h2c",
    "keep-alive": "timeout=5",
    "origin": "https://evil.example",
    "surrogate-key": "x",
}


async def test_only_listed_request_headers_reach_a_service(client: httpx.AsyncClient, catalog: Any) -> None:
    assert (await client.get(PRODUCT, headers=PASSED_ON | KEPT_OUT)).status_code == 200
    names = [name.lower() for name, _ in catalog.received[0].headers]
    ours = ["traceparent", "x-request-id", "x-vinyl-client-address", "x-vinyl-deadline"]
    assert sorted(names) == sorted([*PASSED_ON, "accept-encoding", "host", *ours])
    for name, value in PASSED_ON.items():
        assert catalog.received[0].header(name) == value
    assert catalog.received[0].header("x-vinyl-client-address") == "127.0.0.1"


async def test_what_connection_names_is_dropped_before_it_is_looked_at(
    client: httpx.AsyncClient, services: Any, token_for: Any
) -> None:
    signed_in = {"Authorization": f"Bearer {token_for('ada')}"}
    assert (await client.get("/api/v1/wants", headers=signed_in)).status_code == 200
    named = signed_in | {"Connection": "keep-alive, Authorization, X-Request-Id"}
    assert (await client.get("/api/v1/wants", headers=named)).status_code == 401
    assert (
        await client.get(PRODUCT, headers={"Connection": "if-none-match", "If-None-Match": '"1"'})
    ).is_success
    assert services["catalog"].received[0].header("if-none-match") is None


async def test_only_listed_answer_headers_reach_the_client(
    client: httpx.AsyncClient, catalog: Any, write_reply: Any
) -> None:
    passed = {"etag": '"1"', "location": "/api/v1/x", "cache-control": "max-age=1", "vary": "Accept"}
    kept = {
        "server": "granian",
        "set-cookie": "a=b",
        "x-powered-by": "x",
        "surrogate-key": "s",
        "x-debug": "1",
    }

    async def answer(_request: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(write_reply("200 OK", passed | kept | {"X-Request-Id": "of-the-service"}))

    catalog.answer = answer
    said = await client.get(PRODUCT)
    assert {name: said.headers[name] for name in passed} == passed
    assert not {"set-cookie", "x-powered-by", "surrogate-key", "x-debug"} & set(said.headers)
    assert said.headers["x-content-type-options"] == "nosniff"
    assert said.headers.get_list("server") == ["vinylhound"]
    assert said.headers.get_list("x-request-id") == [catalog.received[0].header("x-request-id")]


@pytest.mark.parametrize("given", ["collector-42", "A" * 64, "0b0c8f4e-9f0d-4a3c-8f0e-2f6f6b0f9c11"])
async def test_a_plain_request_id_is_kept(client: httpx.AsyncClient, catalog: Any, given: str) -> None:
    said = await client.get(PRODUCT, headers={"X-Request-Id": given})
    assert said.headers["x-request-id"] == given == catalog.received[0].header("x-request-id")


@pytest.mark.parametrize(
    "given", ["", "short", "A" * 65, "with space", "semi;colon", "<script>alert(1)</script>"]
)
async def test_any_other_request_id_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    said = await client.get(PRODUCT, headers={"X-Request-Id": given})
    assert said.headers["x-request-id"] != given
    assert len(said.headers["x-request-id"]) == 32


async def test_a_trace_is_continued_and_a_malformed_one_is_begun_anew(
    client: httpx.AsyncClient, catalog: Any
) -> None:
    given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    await client.get(PRODUCT, headers={"traceparent": given})
    await client.get(PRODUCT, headers={"traceparent": "00-" + "0" * 32 + "-00f067aa0ba902b7-01"})
    await client.get(PRODUCT)
    first, second, third = (request.header("traceparent") for request in catalog.received)
    assert first == given
    assert second.split("-")[1] not in {"0" * 32, third.split("-")[1]}
    assert len(third) == len(given)


@pytest.mark.parametrize(
    "lines",
    [
        b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n",
        b"Authorization: Bearer a\r\nauthorization: Bearer a\r\n",
        b"Traceparent: a\r\ntraceparent: b\r\n",
        b"Origin: a\r\nOrigin: b\r\n",
    ],
)
async def test_a_header_that_decides_something_comes_once(speak: Any, catalog: Any, lines: bytes) -> None:
    said = await speak(b"GET /api/v1/products HTTP/1.1\r\nHost: a\r\n" + lines + b"Connection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 400 "), said
    assert b'"code":"ambiguous_header"' in said
    assert catalog.received == []
