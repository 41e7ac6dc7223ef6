import asyncio
from typing import Any

import httpx
import jwt
import msgspec
import pytest
import structlog
from sqlalchemy import text

from vinyl_devstack.asgi_client import client_of
from vinyl_user.app import create_app
from vinyl_user.settings import Settings

AUTH = "/api/v1/auth"
PASSWORD = "seven turning tables"
Client = httpx.AsyncClient


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


async def sign_in(client: Client, login: str, password: str = PASSWORD, **headers: str) -> Any:
    return await client.post(f"{AUTH}/login", json={"login": login, "password": password}, headers=headers)


async def test_who_signs_up_is_signed_in(client: Client, ada: Any, events: Any) -> None:
    tokens = ada.tokens
    assert set(tokens) == {"user", "access_token", "refresh_token", "token_type", "expires_in"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    assert (tokens["user"]["username"], tokens["user"]["email"]) == ("ada", "ada@example.org")
    profile = await client.get("/api/v1/users/profile", headers=ada.headers)
    assert (profile.status_code, profile.json()) == (200, tokens["user"])
    [(name, envelope)] = await events()
    assert (name, envelope["data"]["username"]) == ("user_registered", "ada")
    assert (envelope["aggregateid"], envelope["aggregateversion"]) == (tokens["user"]["id"], 1)
    assert "example.org" not in str(envelope)


async def test_access_tokens_say_who_where_and_how_long(client: Client, ada: Any) -> None:
    token = ada.tokens["access_token"]
    (key,) = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("OKP", "Ed25519", "EdDSA", "sig")
    header = jwt.get_unverified_header(token)
    assert header == {"alg": "EdDSA", "typ": "at+jwt", "kid": key["kid"]}
    claims = jwt.decode(
        token, jwt.PyJWK(key), algorithms=["EdDSA"], audience="vinylhound", issuer="vinylhound"
    )
    assert set(claims) == {"iss", "aud", "sub", "username", "roles", "sid", "jti", "iat", "exp"}
    assert (claims["sub"], claims["username"]) == (ada.tokens["user"]["id"], "ada")
    assert claims["roles"] == ["listener"]
    assert claims["exp"] - claims["iat"] == 900


async def test_sign_up_answers_carry_no_location_and_are_not_stored(client: Client) -> None:
    body = {"username": "ADA", "email": "Ada@Example.org", "password": PASSWORD}
    answer = await client.post(f"{AUTH}/signup", json=body)
    assert answer.status_code == 201
    assert "location" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["user"]["username"] == "ada"
    assert answer.json()["user"]["email"] == "Ada@Example.org"


@pytest.mark.parametrize(
    ("username", "email", "code"),
    [
        ("ADA", "other@example.org", "username_taken"),
        ("ａｄａ", "other@example.org", "username_taken"),
        ("other", "ADA@Example.org", "email_taken"),
    ],
)
async def test_taken_names_and_addresses_are_conflicts(
    client: Client, ada: Any, username: str, email: str, code: str
) -> None:
    body = {"username": username, "email": email, "password": PASSWORD}
    answer = await client.post(f"{AUTH}/signup", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, code)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "ab"}, "username"),
        ({"username": "adm1n"}, "username"),
        ({"username": "рrofile"}, "username"),
        ({"username": "moderator"}, "username"),
        ({"username": 7}, "username"),
        ({"username": "a" * 10_000}, "username"),
        ({"email": "nobody"}, "email"),
        ({"email": None}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "Password123!"}, "password"),
        ({"password": "x7" * 200}, "password"),
        ({"roles": ["admin"]}, "roles"),
        ({"user_id": "x"}, "user_id"),
    ],
)
async def test_bad_sign_ups_name_the_field(client: Client, change: dict[str, Any], field: str) -> None:
    body = {"username": "grace", "email": "grace@example.org", "password": PASSWORD} | change
    answer = await client.post(f"{AUTH}/signup", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == "invalid_input"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_of_two_sign_ups_with_one_name_one_succeeds(client: Client, events: Any) -> None:
    def attempt(number: int) -> Any:
        body = {"username": "grace", "email": f"grace-{number}@example.org", "password": PASSWORD}
        return client.post(f"{AUTH}/signup", json=body)

    answers = await asyncio.gather(*(attempt(number) for number in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"username_taken"}
    assert len(await events()) == 1


async def test_username_and_address_both_sign_in(client: Client, ada: Any) -> None:
    for login in ("ada", "ADA", "ada@example.org", "Ada@Example.ORG"):
        answer = await sign_in(client, login)
        assert answer.status_code == 200, login
        assert claims_of(answer.json()["access_token"])["sub"] == ada.tokens["user"]["id"]


async def test_nobody_learns_which_accounts_exist(client: Client, ada: Any) -> None:
    def shown(answer: Any) -> Any:
        headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        return (
            answer.status_code,
            headers,
            answer.content.replace(answer.headers["x-request-id"].encode(), b""),
        )

    wrong = await sign_in(client, "ada", "not her password")
    assert wrong.json()["code"] == "bad_credentials"
    assert wrong.headers["www-authenticate"].startswith("Bearer")
    for login in ("grace", "grace@example.org", "ada@example.com", "аda", "x" * 300, "\u00e9\u0301"):
        assert shown(await sign_in(client, login, "not her password")) == shown(wrong), login


async def test_the_named_account_is_admin_before_and_after(client: Client, sign_up: Any) -> None:
    boss, other = await sign_up("boss"), await sign_up("bossy")
    assert claims_of(boss.tokens["access_token"])["roles"] == ["listener", "admin"]
    assert claims_of(other.tokens["access_token"])["roles"] == ["listener"]


@pytest.mark.parametrize(("named", "warned"), [("admin", True), ("a d a", True), ("Ada", False), ("", False)])
def test_an_admin_whom_nobody_can_be_is_told_of_at_the_start(
    settings: Settings, named: str, warned: bool
) -> None:
    with structlog.testing.capture_logs() as logs:
        create_app(msgspec.structs.replace(settings, admin=named))
    told = [log["VINYL_USER_ADMIN"] for log in logs if log["event"] == "admin_has_no_effect"]
    assert told == ([named] if warned else [])


BAD_LOGINS: list[Any] = [
    {},
    {"login": "ada"},
    {"login": "", "password": PASSWORD},
    {"login": "ada", "password": 1},
    [],
    None,
    "x",
]


async def test_bad_login_bodies_are_refused(client: Client) -> None:
    for body in BAD_LOGINS:
        answer = await client.post(f"{AUTH}/login", json=body)
        assert answer.status_code == 400, body
    no_json = await client.post(f"{AUTH}/login", content=b"login=ada", headers={"Content-Type": "text/plain"})
    assert no_json.status_code == 415
    empty = await client.post(f"{AUTH}/login")
    assert empty.status_code == 400
    lone = await client.post(
        f"{AUTH}/login",
        content=b'{"login":"\\ud800","password":"\\udfff"}',
        headers={"Content-Type": "application/json"},
    )
    assert lone.status_code in (400, 401)


async def test_a_password_that_others_hash_dearer_is_hashed_again(
    client: Client, ada: Any, settings: Any, database: Any
) -> None:
    dearer = msgspec.structs.replace(settings, argon2_memory_kib=128)
    async with client_of(create_app(dearer)) as other:
        assert (await sign_in(other, "ada")).status_code == 200
        assert (await sign_in(other, "ada")).status_code == 200
    async with database.transaction() as connection:
        kept = await connection.scalar(text("select password_hash from users"))
    assert "m=128" in kept
    assert (await sign_in(client, "ada")).status_code == 200
