import asyncio
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import text

from vinyl_devstack.asgi_client import client_of
from vinyl_user.app import create_app

AUTH = "/api/v1/auth"
Client = httpx.AsyncClient


async def refresh(client: Client, token: str, **headers: str) -> Any:
    return await client.post(f"{AUTH}/refresh", json={"refresh_token": token}, headers=headers)


async def sign_in(client: Client, person: Any, **headers: str) -> Any:
    body = {"login": person.username, "password": person.password}
    answer = await client.post(f"{AUTH}/login", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def let_time_pass(database: Any, seconds: int) -> None:
    """Moves everything that was noted of tokens into the past."""
    async with database.transaction() as connection:
        moved = text("update refresh_tokens set spent_at = spent_at - make_interval(secs => :seconds)")
        await connection.execute(moved, {"seconds": seconds})


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def session_of(tokens: dict[str, Any]) -> str:
    return str(jwt.decode(tokens["access_token"], options={"verify_signature": False})["sid"])


async def revoked(events: Any) -> list[str]:
    told = await events()
    return [envelope["data"]["session_id"] for name, envelope in told if name == "session_revoked"]


async def test_a_refresh_token_is_rotated(client: Client, ada: Any, database: Any) -> None:
    first = ada.tokens["refresh_token"]
    answer = await refresh(client, first)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.json()) == set(ada.tokens)
    assert answer.json()["refresh_token"] != first
    assert session_of(answer.json()) == session_of(ada.tokens)
    assert (await client.get("/api/v1/users/profile", headers=bearer(answer.json()))).status_code == 200
    again = await refresh(client, answer.json()["refresh_token"])
    assert again.status_code == 200
    async with database.transaction() as connection:
        kept = str((await connection.execute(text("select * from refresh_tokens"))).all())
    assert first not in kept
    assert again.json()["refresh_token"] not in kept


async def test_a_lost_answer_is_given_again(client: Client, ada: Any, events: Any) -> None:
    first = ada.tokens["refresh_token"]
    answers = [await refresh(client, first) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert await revoked(events) == []


async def test_reuse_ends_the_family(client: Client, ada: Any, database: Any, events: Any) -> None:
    first = ada.tokens["refresh_token"]
    second = (await refresh(client, first)).json()["refresh_token"]
    await let_time_pass(database, 11)
    reused = await refresh(client, first)
    assert (reused.status_code, reused.json()["code"]) == (401, "refresh_token_refused")
    assert (await refresh(client, second)).status_code == 401
    assert await revoked(events) == [session_of(ada.tokens)]
    assert (await refresh(client, first)).status_code == 401
    assert len(await revoked(events)) == 1


async def test_the_grace_ends_when_the_successor_is_spent(client: Client, ada: Any, events: Any) -> None:
    first = ada.tokens["refresh_token"]
    second = (await refresh(client, first)).json()["refresh_token"]
    third = (await refresh(client, second)).json()["refresh_token"]
    assert (await refresh(client, first)).status_code == 401
    assert (await refresh(client, third)).status_code == 401
    assert await revoked(events) == [session_of(ada.tokens)]


async def test_twenty_parallel_refreshes_leave_one_family(client: Client, ada: Any, database: Any) -> None:
    answers = await asyncio.gather(*(refresh(client, ada.tokens["refresh_token"]) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    (successor,) = {answer.json()["refresh_token"] for answer in answers}
    async with database.transaction() as connection:
        assert await connection.scalar(text("select count(*) from sessions")) == 1
        assert await connection.scalar(text("select count(*) from refresh_tokens")) == 2
    assert (await refresh(client, successor)).status_code == 200
    await let_time_pass(database, 11)
    assert (await refresh(client, ada.tokens["refresh_token"])).status_code == 401
    assert (await refresh(client, successor)).status_code == 401


async def test_a_family_expires(client: Client, ada: Any, database: Any) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("update sessions set expires_at = now()"))
    assert (await refresh(client, ada.tokens["refresh_token"])).status_code == 401


async def test_tokens_are_not_interchangeable(client: Client, ada: Any) -> None:
    assert (await refresh(client, ada.tokens["access_token"])).status_code == 401
    headers = {"Authorization": f"Bearer {ada.tokens['refresh_token']}"}
    assert (await client.get("/api/v1/users/profile", headers=headers)).status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"refresh_token": ""}, {"refresh_token": 1}, {"refresh_token": "x" * 4097}, []]
)
async def test_bad_bodies_are_refused(client: Client, ada: Any, body: Any) -> None:
    assert (await client.post(f"{AUTH}/refresh", json=body)).status_code == 400
    assert (await client.post(f"{AUTH}/logout", json=body, headers=ada.headers)).status_code == 400


async def test_signing_out_ends_the_session(client: Client, ada: Any, events: Any) -> None:
    body = {"refresh_token": ada.tokens["refresh_token"]}
    assert (await client.post(f"{AUTH}/logout", json=body)).status_code == 401
    answer = await client.post(f"{AUTH}/logout", json=body, headers=ada.headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await refresh(client, ada.tokens["refresh_token"])).status_code == 401
    assert await revoked(events) == [session_of(ada.tokens)]
    assert (await client.post(f"{AUTH}/logout", json=body, headers=ada.headers)).status_code == 204
    assert len(await revoked(events)) == 1


async def test_nobody_signs_another_out(client: Client, ada: Any, eve: Any) -> None:
    body = {"refresh_token": ada.tokens["refresh_token"]}
    answer = await client.post(f"{AUTH}/logout", json=body, headers=eve.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")
    mine = session_of(ada.tokens)
    assert (await client.delete(f"{AUTH}/sessions/{mine}", headers=eve.headers)).status_code == 404
    assert (await refresh(client, ada.tokens["refresh_token"])).status_code == 200


async def test_sessions_are_listed_and_ended(client: Client, ada: Any, eve: Any, events: Any) -> None:
    agent = {"User-Agent": "a phone\x07", "X-Vinyl-Client-Address": "2001:db8:1:2:3::4"}
    phone = await sign_in(client, ada, **agent)
    page = (await client.get(f"{AUTH}/sessions", headers=ada.headers)).json()
    assert page["next_cursor"] is None
    newest, oldest = page["items"]
    assert (newest["id"], newest["is_current"]) == (session_of(phone), False)
    assert (newest["user_agent"], newest["address"]) == ("a phone", "2001:db8:1:2::/64")
    assert (oldest["id"], oldest["is_current"]) == (session_of(ada.tokens), True)
    path = f"{AUTH}/sessions/{newest['id']}"
    assert (await client.delete(path, headers=ada.headers)).status_code == 204
    assert (await client.delete(path, headers=ada.headers)).status_code == 404
    assert (await refresh(client, phone["refresh_token"])).status_code == 401
    assert await revoked(events) == [session_of(phone)]
    left = (await client.get(f"{AUTH}/sessions", headers=ada.headers)).json()["items"]
    assert [session["id"] for session in left] == [session_of(ada.tokens)]


async def test_sessions_are_paged(client: Client, ada: Any, eve: Any) -> None:
    begun = [session_of(ada.tokens)] + [session_of(await sign_in(client, ada)) for _ in range(4)]
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        page = (await client.get(f"{AUTH}/sessions", params=query, headers=ada.headers)).json()
        seen += [session["id"] for session in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == begun[::-1]
    stolen = await client.get(f"{AUTH}/sessions", params=query, headers=eve.headers)
    assert (stolen.status_code, stolen.json()["errors"][0]["field"]) == (400, "cursor")


async def test_a_new_password_signs_the_others_out(client: Client, ada: Any, events: Any) -> None:
    other = await sign_in(client, ada)
    body = {"current_password": ada.password, "new_password": "eleven turning tables"}
    assert (await client.put(f"{AUTH}/password", json=body, headers=ada.headers)).status_code == 204
    assert await revoked(events) == [session_of(other)]
    assert (await refresh(client, other["refresh_token"])).status_code == 401
    assert (await refresh(client, ada.tokens["refresh_token"])).status_code == 200
    old = {"login": "ada", "password": ada.password}
    assert (await client.post(f"{AUTH}/login", json=old)).status_code == 401
    new = {"login": "ada", "password": "eleven turning tables"}
    assert (await client.post(f"{AUTH}/login", json=new)).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"current_password": "wrong one", "new_password": "eleven tables"}, 403, "wrong_password"),
        ({"current_password": "seven turning tables", "new_password": "short"}, 400, "invalid_input"),
        ({"current_password": "seven turning tables", "new_password": "password1"}, 400, "invalid_input"),
        ({"current_password": "seven turning tables"}, 400, "invalid_input"),
        ({"new_password": "eleven tables"}, 400, "invalid_input"),
    ],
)
async def test_bad_password_changes_change_nothing(
    client: Client, ada: Any, body: dict[str, str], status: int, code: str
) -> None:
    answer = await client.put(f"{AUTH}/password", json=body, headers=ada.headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    await sign_in(client, ada)


async def test_password_changes_are_limited_without_locking_the_owner_out(client: Client, ada: Any) -> None:
    body = {"current_password": "wrong one", "new_password": "eleven tables"}
    statuses = [
        (await client.put(f"{AUTH}/password", json=body, headers=ada.headers)).status_code for _ in range(12)
    ]
    assert statuses == [403] * 10 + [429] * 2
    await sign_in(client, ada)


async def test_another_process_gives_the_same_successor(client: Client, ada: Any, settings: Any) -> None:
    first = await refresh(client, ada.tokens["refresh_token"])
    async with client_of(create_app(settings)) as other:
        again = await refresh(other, ada.tokens["refresh_token"])
        assert again.json()["refresh_token"] == first.json()["refresh_token"]
        assert (await refresh(other, again.json()["refresh_token"])).status_code == 200


async def test_keys_are_rotated_under_running_sessions(client: Client, ada: Any, settings: Any) -> None:
    profile, folder = "/api/v1/users/profile", Path(settings.signing_keys)
    await asyncio.sleep(1.05)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    await asyncio.to_thread((folder / "second.pem").write_bytes, pem)
    second = (await refresh(client, ada.tokens["refresh_token"])).json()
    kids = [jwt.get_unverified_header(tokens["access_token"])["kid"] for tokens in (second, ada.tokens)]
    published = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert [key["kid"] for key in published] == kids
    assert kids[0] != kids[1]
    for tokens in (ada.tokens, second):
        assert (await client.get(profile, headers=bearer(tokens))).status_code == 200
