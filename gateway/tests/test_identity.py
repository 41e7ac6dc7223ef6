"""Tokens: none, bad ones, and ones without the role a route needs."""

import asyncio
import base64
import json
import time
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PUBLIC, SIGNED_IN, ADMIN = "/api/v1/albums", "/api/v1/wants", "/api/v1/admin/imports"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def with_header(token: str, **changes: Any) -> str:
    head, payload, signature = token.split(".")
    header = json.loads(base64.urlsafe_b64decode(head + "=="))
    return f"{part(header | changes)}.{payload}.{signature}"


def with_claims(token: str, **changes: Any) -> str:
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return f"{head}.{part(claims | changes)}.{signature}"


def signed_by(key: Any, algorithm: str, token: str, **changes: Any) -> str:
    """The same claims under another key or algorithm, in our own key's name."""
    claims = jwt.decode(token, options={"verify_signature": False}) | changes
    header = jwt.get_unverified_header(token)
    return jwt.encode(claims, key, algorithm, {"kid": header["kid"], "typ": header["typ"]})


async def test_public_routes_need_no_token_and_the_others_do(
    client: httpx.AsyncClient, services: Any
) -> None:
    assert (await client.get(PUBLIC)).status_code == 200
    said = await client.get(SIGNED_IN)
    assert (said.status_code, said.json()["code"]) == (401, "unauthenticated")
    assert said.headers["www-authenticate"].startswith("Bearer")
    assert services["user"].received == []


async def test_a_token_is_checked_here_and_passed_on_for_the_service_to_check(
    client: httpx.AsyncClient, services: Any, token_for: Any
) -> None:
    token = token_for("ada")
    assert (await client.get(SIGNED_IN, headers=bearer(token))).status_code == 200
    assert services["user"].received[0].header("authorization") == f"Bearer {token}"


async def test_a_connection_is_whoever_asks_over_it(
    client: httpx.AsyncClient, services: Any, token_for: Any
) -> None:
    """Two people and somebody who is not signed in, in turns, each more than once in a row."""
    tokens = [token_for("ada"), token_for("bea"), None] * 2
    for token in [each for each in tokens for _ in range(3)]:
        said = await client.get(SIGNED_IN, headers=bearer(token) if token else {})
        assert said.status_code == (200 if token else 401)
    seen = [each.header("authorization") for each in services["user"].received]
    assert seen == [f"Bearer {token}" for token in tokens if token for _ in range(3)]
    assert services["user"].connections == 1


async def test_a_token_expires_on_a_connection_that_used_it_before(
    client: httpx.AsyncClient, token_for: Any
) -> None:
    token = token_for("ada", expires_in=2)
    began = time.monotonic()
    while (said := await client.get(SIGNED_IN, headers=bearer(token))).status_code == 200:
        assert time.monotonic() - began < 5
        await asyncio.sleep(0.05)
    assert (said.status_code, said.json()["code"]) == (401, "unauthenticated")
    assert time.monotonic() - began > 0.5


@pytest.mark.parametrize("path", [PUBLIC, SIGNED_IN])
async def test_a_bad_token_is_a_401_on_every_route(
    client: httpx.AsyncClient, services: Any, token_issuer: Any, path: str
) -> None:
    good = token_issuer.token_for("ada")
    own_key, other_key = token_issuer._key, Ed25519PrivateKey.generate()
    assert (await client.get(SIGNED_IN, headers=bearer(signed_by(own_key, "EdDSA", good)))).status_code == 200
    services["user"].received.clear()
    bad = {
        "expired": token_issuer.token_for("ada", expires_in=-10),
        "another audience": signed_by(own_key, "EdDSA", good, aud="other"),
        "another issuer": signed_by(own_key, "EdDSA", good, iss="other"),
        "no subject": signed_by(own_key, "EdDSA", good, sub=""),
        "no expiry": signed_by(own_key, "EdDSA", good, exp=None),
        "an expiry that is no number": signed_by(own_key, "EdDSA", good, exp=str(int(time.time()) + 60)),
        "not yet": signed_by(own_key, "EdDSA", good, nbf=int(time.time()) + 60),
        "padded": good + "==",
        "an unknown role": signed_by(own_key, "EdDSA", good, roles=["emperor"]),
        "unsigned": with_header(good, alg="none").rsplit(".", 1)[0] + ".",
        "symmetric": signed_by("k" * 32, "HS256", good),
        "another key": signed_by(other_key, "EdDSA", good),
        "another kid": with_header(good, kid="nobody"),
        "another type": with_header(good, typ="JWT"),
        "key inside": with_header(good, jwk={"kty": "OKP"}),
        "tampered role": with_claims(good, roles=["admin"]),
        "tampered audience": with_claims(good, aud="other"),
        "later expiry": with_claims(good, exp=int(time.time()) + 10**6),
        "cut": good[:-4],
        "two parts": good.rsplit(".", 1)[0],
        "noise": "x.y.z",
        "empty parts": "..",
        "too long": "a" * 5000,
    }
    for name, token in bad.items():
        said = await client.get(path, headers=bearer(token))
        assert (said.status_code, said.json()["code"]) == (401, "unauthenticated"), name
        assert said.headers["www-authenticate"].startswith("Bearer"), name
    for value in ("Basic YTpi", "Bearer", good, f"Token {good}"):
        assert (await client.get(path, headers={"Authorization": value})).status_code == 401, value
    assert services["catalog"].received == services["user"].received == []


async def test_the_word_bearer_is_read_in_any_case(client: httpx.AsyncClient, token_for: Any) -> None:
    said = await client.get(SIGNED_IN, headers={"Authorization": f"bearer {token_for('ada')}"})
    assert said.status_code == 200


async def test_a_role_is_needed_where_the_table_says_so(client: httpx.AsyncClient, token_for: Any) -> None:
    assert (await client.get(ADMIN)).status_code == 401
    said = await client.get(ADMIN, headers=bearer(token_for("ada", roles=("listener", "curator"))))
    assert (said.status_code, said.json()["code"]) == (403, "forbidden")
    said = await client.get(ADMIN, headers=bearer(token_for("root", roles=("listener", "admin"))))
    assert said.status_code == 200


async def test_while_the_keys_cannot_be_had_signed_out_reading_goes_on(gateways: Any, token_for: Any) -> None:
    address = await gateways(jwks_url="http://127.0.0.1:9/jwks.json")
    async with httpx.AsyncClient(base_url=address) as client:
        assert (await client.get(PUBLIC)).status_code == 200
        assert (await client.get(PUBLIC, headers=bearer(token_for("ada")))).status_code == 503


@pytest.mark.parametrize(
    ("scopes", "method", "path", "missing"),
    [
        (["read"], "GET", SIGNED_IN, None),
        (["read"], "GET", PUBLIC, None),
        (["read"], "POST", SIGNED_IN, "write"),
        (["write"], "POST", SIGNED_IN, None),
        (["write"], "GET", SIGNED_IN, "read"),
        (["write"], "GET", PUBLIC, "read"),
        ([], "GET", SIGNED_IN, "read"),
        (["read", "write"], "PATCH", "/api/v1/users/profile", None),
        (["read", "write"], "PUT", "/api/v1/auth/password", "sign-in"),
        (["read", "write"], "GET", "/api/v1/auth/sessions", "sign-in"),
        (["read", "write"], "DELETE", "/api/v1/auth/sessions/1", "sign-in"),
        (None, "PUT", "/api/v1/auth/password", None),
    ],
)
async def test_a_token_with_scopes_is_for_nothing_else(
    client: httpx.AsyncClient,
    services: Any,
    token_for: Any,
    scopes: Any,
    method: str,
    path: str,
    missing: Any,
) -> None:
    said = await client.request(method, path, headers=bearer(token_for("ada", scopes=scopes)))
    if missing is None:
        assert said.status_code == 200
        return
    assert (said.status_code, said.json()["code"]) == (403, "insufficient_scope")
    assert missing in said.json()["detail"]
    challenge = said.headers["www-authenticate"]
    assert challenge.startswith('Bearer error="insufficient_scope"')
    assert ("scope=" in challenge) is (missing != "sign-in")
    assert services["user"].received == services["catalog"].received == []


async def test_an_unknown_scope_is_no_token_of_ours(client: httpx.AsyncClient, token_issuer: Any) -> None:
    for scopes in (["everything"], "read", None):
        token = signed_by(token_issuer._key, "EdDSA", token_issuer.token_for("ada"), scopes=scopes)
        said = await client.get(SIGNED_IN, headers=bearer(token))
        assert (said.status_code, said.json()["code"]) == (401, "unauthenticated")


async def test_what_is_kept_is_not_for_a_token_that_may_not_read(
    client: httpx.AsyncClient, catalog: Any, token_for: Any, write_reply: Any
) -> None:
    async def keepable(_request: Any, writer: asyncio.StreamWriter) -> None:
        keeping = {"Cache-Control": "public, s-maxage=60", "Surrogate-Key": "a"}
        writer.write(write_reply("200 OK", keeping | {"Content-Type": "application/json"}, b"{}"))

    catalog.answer = keepable
    album = "/api/v1/albums/0190"
    assert (await client.get(album)).status_code == 200
    # each more than once: one whose token was verified before is answered on another way
    for scopes, status in ((["read"], 200), (["write"], 403)):
        token = token_for("ada", scopes=scopes)
        said = [await client.get(album, headers=bearer(token)) for _ in range(2)]
        assert [answer.status_code for answer in said] == [status] * 2
