"""Every route, by who asks."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from vinyl_user.security.signing_keys import SigningKeys

Client = httpx.AsyncClient
PUBLIC = {
    ("POST", "/api/v1/auth/signup"),
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/auth/refresh"),
    ("GET", "/.well-known/jwks.json"),
    ("GET", "/api/v1/users/{username}"),
}


async def routes(client: Client) -> set[tuple[str, str]]:
    document = (await client.get("/openapi.json")).json()
    return {(method.upper(), path) for path, operations in document["paths"].items() for method in operations}


async def test_every_other_route_needs_a_token(client: Client) -> None:
    found = await routes(client)
    assert found >= PUBLIC
    assert len(found) == 24
    for method, path in sorted(found - PUBLIC):
        concrete = path.replace("{username}", "ada")
        for name in ("session_id", "item_id", "want_id"):
            concrete = concrete.replace(f"{{{name}}}", str(uuid4()))
        answer = await client.request(method, concrete, json={})
        assert answer.status_code == 401, (method, path, answer.text)
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_bad_token_is_refused_on_every_route(client: Client) -> None:
    for method, path in sorted(await routes(client)):
        concrete = path.replace("{username}", "ada")
        for name in ("session_id", "item_id", "want_id"):
            concrete = concrete.replace(f"{{{name}}}", str(uuid4()))
        answer = await client.request(method, concrete, json={}, headers={"Authorization": "Bearer a.b.c"})
        assert answer.status_code == 401, (method, path)


@pytest.mark.parametrize("kind", ["collection", "wants"])
async def test_another_persons_things_do_not_exist(
    client: Client, ada: Any, sign_up: Any, learn: Any, kind: str
) -> None:
    body = {"album_id": str((await learn()).album_id)}
    created = await client.post(f"/api/v1/{kind}", json=body, headers=ada.headers)
    path = created.headers["location"]
    for stranger in (await sign_up("eve"), await sign_up("boss")):
        answers = [
            await client.get(path, headers=stranger.headers),
            await client.patch(path, json={"notes": "mine now"}, headers=stranger.headers),
            await client.delete(path, headers=stranger.headers),
            await client.post(f"{path}/acquire", headers=stranger.headers),
        ]
        assert {answer.status_code for answer in answers} == {404}, stranger.username
        assert (await client.get(f"/api/v1/{kind}", headers=stranger.headers)).json()["items"] == []
    assert (await client.get(path, headers=ada.headers)).json() == created.json()


async def test_paths_that_are_no_ids_are_no_routes(client: Client, ada: Any) -> None:
    for path in ("collection/1", "wants/x", "wants/x/acquire", "auth/sessions/me", "collection/stats"):
        answer = await client.get(f"/api/v1/{path}", headers=ada.headers)
        assert answer.status_code in (404, 405), path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_token_with_scopes_does_nothing_that_is_done_in_person(
    client: Client, settings: Any, ada: Any
) -> None:
    keys = SigningKeys(Path(settings.signing_keys), settings.signing_key_announced_seconds)
    claims = jwt.decode(ada.tokens["access_token"], options={"verify_signature": False})
    scoped = keys.sign(claims | {"scopes": ["read", "write"]}, "at+jwt")
    headers = {"Authorization": f"Bearer {scoped}"}
    passwords = {"current_password": ada.password, "new_password": "another run-out groove"}
    assert (await client.get("/api/v1/users/profile", headers=headers)).status_code == 200
    for answer in (
        await client.put("/api/v1/auth/password", json=passwords, headers=headers),
        await client.get("/api/v1/auth/sessions", headers=headers),
        await client.delete(f"/api/v1/auth/sessions/{claims['sid']}", headers=headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
        assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope"'
    assert (await client.get("/api/v1/auth/sessions", headers=ada.headers)).status_code == 200
