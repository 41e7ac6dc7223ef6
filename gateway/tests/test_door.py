"""Paths, methods and bodies that do not get in, and the problem documents that say so."""

from typing import Any

import httpx
import pytest

CODES = {
    400: {"invalid_path", "invalid_query", "invalid_input", "malformed_request"},
    404: {"route_not_found"},
    414: {"target_too_long"},
}


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/api/v1/albums/a%2fb", 400),
        ("/api/v1/albums/a%5Cb", 400),
        ("/api/v1/albums/%2e%2e/admin/imports", 400),
        ("/api/v1/albums/../admin/imports", 400),
        ("/api/v1//albums", 400),
        ("//api/v1/albums", 400),
        ("/api/v1/albums\\x", 400),
        ("/api/v1/albums/%00", 400),
        ("/api/v1/albums/%0d%0aX:y", 400),
        ("/api/v1/albums/%ff", 400),
        ("/api/v1/albums/%zz", 400),
        ("/api/v1/albums?q=%00", 400),
        ("/api/v1/albums?q=%", 400),
        ("*", 400),
        ("/api/v1/nothing", 404),
        ("/api/v1", 404),
        ("/api/v1/", 404),
        ("/api/v1/albums/", 404),
        ("/api/v1/ALBUMS", 404),
        ("/api/v2/albums", 404),
        ("/.well-known/security.txt", 404),
        ("/api/v1/albums/1/2/3/4/5/6/7/8", 404),
        ("/api/v1/" + "a/" * 500, 404),
        ("/api/v1/albums?q=" + "a" * 9000, 414),
    ],
)
async def test_a_hostile_path_is_refused_and_reaches_no_service(
    speak: Any, services: Any, target: str, status: int
) -> None:
    said = await speak(f"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode("latin-1"))
    assert said.startswith(f"HTTP/1.1 {status} ".encode()), said[:200]
    assert b"content-type: application/problem+json" in said
    assert any(f'"code":"{code}"'.encode() in said for code in CODES[status])
    assert all(service.received == [] for service in services.values())


async def test_another_spelling_of_a_path_is_routed_and_forwarded_in_its_normal_form(
    client: httpx.AsyncClient, services: Any, speak: Any
) -> None:
    said = await speak(b"GET /api/v1/%75sers/%70rofile HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 401 ")
    said = await speak(b"GET /api/v1/%75sers/bj%c3%b6rk HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 200 ")
    assert [request.target for request in services["user"].received] == ["/api/v1/users/bj%C3%B6rk"]


async def test_every_refusal_is_a_whole_problem_document(client: httpx.AsyncClient) -> None:
    said = await client.get("/api/v1/nothing")
    assert said.json() == {
        "type": "urn:vinylhound:problem:route_not_found",
        "title": "Not found",
        "status": 404,
        "detail": "There is no such route here.",
        "instance": "/api/v1/nothing",
        "code": "route_not_found",
        "request_id": said.headers["x-request-id"],
    }


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "get"]
)
async def test_another_method_of_a_listed_path_is_a_405_with_allow(
    speak: Any, services: Any, method: str
) -> None:
    said = await speak(f"{method} /api/v1/genres HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    if method != "CONNECT":
        assert said.startswith(b"HTTP/1.1 405 "), said
        assert b"\r\nallow: GET, HEAD\r\n" in said
    assert services["catalog"].received == []


async def test_connect_is_no_way_through(speak: Any, services: Any) -> None:
    said = await speak(b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: a\r\n\r\n")
    assert said.split(b" ")[1] in {b"400", b"404", b"405", b"501"}, said
    assert all(service.received == [] for service in services.values())


async def test_a_body_past_the_limit_is_a_413_by_length_and_in_chunks(
    client: httpx.AsyncClient, services: Any, token_for: Any
) -> None:
    signed_in = {"Authorization": f"Bearer {token_for('ada')}"}
    said = await client.post("/api/v1/wants", content=b"x" * (1024 * 1024 + 1), headers=signed_in)
    assert (said.status_code, said.json()["code"]) == (413, "too_large")
    assert services["user"].received == []

    async def parts() -> Any:
        for _ in range(17):
            yield b"x" * 65536

    said = await client.post("/api/v1/wants", content=parts(), headers=signed_in)
    assert (said.status_code, said.json()["code"]) == (413, "too_large")
    assert services["user"].received == []
    for path in ("/api/v1/wants", "/api/v1/nothing"):
        assert (await client.post(path, content=b"x" * 3_000_000)).status_code in {401, 404}
    exact = await client.post("/api/v1/wants", content=b"x" * (1024 * 1024), headers=signed_in)
    assert exact.status_code == 200
    assert len(services["user"].received[0].body) == 1024 * 1024


async def test_a_compressed_body_and_a_body_to_a_get_are_refused(
    client: httpx.AsyncClient, services: Any, token_for: Any
) -> None:
    signed_in = {"Authorization": f"Bearer {token_for('ada')}"}
    packed = await client.post(
        "/api/v1/wants", content=b"x", headers=signed_in | {"Content-Encoding": "gzip"}
    )
    assert (packed.status_code, packed.json()["code"]) == (415, "unsupported_media_type")
    said = await client.request("GET", "/api/v1/albums", content=b"x")
    assert (said.status_code, said.json()["code"]) == (400, "invalid_input")
    assert services["user"].received == services["catalog"].received == []


@pytest.mark.parametrize(
    "raw",
    [
        b"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
        b"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n{}",
        b"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}",
        b"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\n{}",
        b"GET /api/v1/albums HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
        b"GET /api/v1/albums HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET  /api/v1/albums HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /api/v1/albums HTTP/1.1\r\n\r\n",
        b"GET /api/v1/albums HTTP/1.1\r\nHost:\r\n\r\n",
        b"GET /api/v1/albums HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET /api/v1/albums HTTP/1.1\r\nHost: a/b@c\r\n\r\n",
    ],
)
async def test_ambiguous_framing_reaches_no_service(speak: Any, services: Any, raw: bytes) -> None:
    said = await speak(raw)
    assert said.split(b" ")[1] in {b"400", b"501"}, said
    assert all(service.received == [] for service in services.values())


async def test_a_client_that_leaves_in_the_middle_of_its_body_leaves_no_request_behind(
    speak: Any, services: Any, client: httpx.AsyncClient
) -> None:
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
    await speak(head + b"{", seconds=0.2)
    assert services["user"].received == []
    assert (await client.post("/api/v1/auth/login", json={})).status_code == 200


async def test_a_websocket_is_not_spoken(speak: Any, services: Any) -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    key = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    said = await speak(b"GET /api/v1/albums HTTP/1.1\r\nHost: a\r\n" + upgrade + key)
    assert said.startswith(b"HTTP/1.1 200 "), said
    assert services["catalog"].received[0].header("upgrade") is None
