"""Every public route by who asks: nobody reads or writes what is another's."""

import enum
import re
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from vinyl_devstack.pytest_plugin import ADMIN
from vinyl_devstack.stack import Stack
from vinyl_gateway.public_routes import BASE_PATH, PUBLIC_ROUTES, PublicRoute

PASSWORD = "dead wax and run-outs"
PEOPLE = ("nobody", "owner", "other", "admin")


class Rule(enum.Enum):
    """Whose what a route names is, and so who gets what."""

    EVERYBODYS = "open to all"
    MINE = "everybody signed in sees and changes what is their own"
    PRIVATE = "exists for its owner alone"
    SHOWN = "all may read, its owner alone may change"
    CURATORS = "for curators, and so for administrators"
    ADMINS = "for administrators"


RULES = {
    "POST /auth/signup": Rule.EVERYBODYS,
    "POST /auth/login": Rule.EVERYBODYS,
    "POST /auth/refresh": Rule.EVERYBODYS,
    "POST /auth/logout": Rule.MINE,
    "GET /auth/sessions": Rule.MINE,
    "DELETE /auth/sessions/{id}": Rule.PRIVATE,
    "PUT /auth/password": Rule.MINE,
    "GET /.well-known/jwks.json": Rule.EVERYBODYS,
    "GET /users/profile": Rule.MINE,
    "PATCH /users/profile": Rule.MINE,
    "GET /users/content": Rule.MINE,
    "PUT /users/content": Rule.MINE,
    "GET /users/{username}": Rule.EVERYBODYS,
    "GET /collection": Rule.MINE,
    "POST /collection": Rule.MINE,
    "GET /collection/{id}": Rule.PRIVATE,
    "PATCH /collection/{id}": Rule.PRIVATE,
    "DELETE /collection/{id}": Rule.PRIVATE,
    "GET /wants": Rule.MINE,
    "POST /wants": Rule.MINE,
    "GET /wants/{id}": Rule.PRIVATE,
    "PATCH /wants/{id}": Rule.PRIVATE,
    "DELETE /wants/{id}": Rule.PRIVATE,
    "POST /wants/{id}/acquire": Rule.PRIVATE,
    "GET /pages/album/{id}": Rule.EVERYBODYS,
    "GET /pages/home": Rule.EVERYBODYS,
    "GET /pages/profile/{username}": Rule.EVERYBODYS,
    "GET /albums": Rule.EVERYBODYS,
    "GET /albums/{id}": Rule.EVERYBODYS,
    "GET /albums/{id}/releases": Rule.EVERYBODYS,
    "GET /releases": Rule.EVERYBODYS,
    "GET /releases/{id}": Rule.EVERYBODYS,
    "GET /artists": Rule.EVERYBODYS,
    "GET /artists/{id}": Rule.EVERYBODYS,
    "GET /artists/{id}/albums": Rule.EVERYBODYS,
    "GET /songs": Rule.EVERYBODYS,
    "GET /songs/{id}": Rule.EVERYBODYS,
    "GET /genres": Rule.EVERYBODYS,
    "GET /labels": Rule.EVERYBODYS,
    "GET /labels/{id}": Rule.EVERYBODYS,
    "GET /search": Rule.EVERYBODYS,
    "GET /search/suggest": Rule.EVERYBODYS,
    "GET /categories": Rule.EVERYBODYS,
    "POST /categories": Rule.CURATORS,
    "GET /categories/{slug}": Rule.EVERYBODYS,
    "PATCH /categories/{slug}": Rule.CURATORS,
    "DELETE /categories/{slug}": Rule.CURATORS,
    "GET /categories/{slug}/products": Rule.EVERYBODYS,
    "GET /products": Rule.EVERYBODYS,
    "POST /products": Rule.MINE,
    "GET /products/{id}": Rule.EVERYBODYS,
    "PATCH /products/{id}": Rule.SHOWN,
    "DELETE /products/{id}": Rule.SHOWN,
    "POST /media": Rule.MINE,
    "GET /media/{id}/{variant}": Rule.EVERYBODYS,
    "DELETE /media/{id}": Rule.PRIVATE,
    "POST /albums": Rule.CURATORS,
    "PUT /albums/{id}": Rule.CURATORS,
    "PATCH /albums/{id}": Rule.CURATORS,
    "DELETE /albums/{id}": Rule.CURATORS,
    "POST /albums/{id}/merge": Rule.CURATORS,
    "GET /albums/{id}/revisions": Rule.CURATORS,
    "POST /albums/{id}/revisions/{number}/undo": Rule.CURATORS,
    "GET /albums/{id}/sources": Rule.CURATORS,
    "POST /artists": Rule.CURATORS,
    "PUT /artists/{id}": Rule.CURATORS,
    "PATCH /artists/{id}": Rule.CURATORS,
    "DELETE /artists/{id}": Rule.CURATORS,
    "POST /artists/{id}/merge": Rule.CURATORS,
    "GET /artists/{id}/revisions": Rule.CURATORS,
    "POST /artists/{id}/revisions/{number}/undo": Rule.CURATORS,
    "GET /artists/{id}/sources": Rule.CURATORS,
    "POST /songs": Rule.CURATORS,
    "PUT /songs/{id}": Rule.CURATORS,
    "PATCH /songs/{id}": Rule.CURATORS,
    "DELETE /songs/{id}": Rule.CURATORS,
    "GET /admin/enrichment": Rule.CURATORS,
    "GET /admin/enrichment/doubts": Rule.CURATORS,
    "GET /admin/enrichment/skips": Rule.CURATORS,
    "GET /albums/{id}/enrichment": Rule.CURATORS,
    "PUT /albums/{id}/enrichment": Rule.CURATORS,
    "POST /albums/{id}/enrichment/refresh": Rule.CURATORS,
    "PUT /albums/{id}/enrichment/skip": Rule.CURATORS,
    "DELETE /albums/{id}/enrichment/skip": Rule.CURATORS,
    "GET /artists/{id}/enrichment": Rule.CURATORS,
    "PUT /artists/{id}/enrichment": Rule.CURATORS,
    "POST /artists/{id}/enrichment/refresh": Rule.CURATORS,
    "PUT /artists/{id}/enrichment/skip": Rule.CURATORS,
    "DELETE /artists/{id}/enrichment/skip": Rule.CURATORS,
    "GET /admin/imports": Rule.ADMINS,
    "POST /admin/imports": Rule.ADMINS,
    "GET /admin/imports/{id}": Rule.ADMINS,
    "GET /ratings": Rule.EVERYBODYS,
    "POST /ratings": Rule.MINE,
    "GET /ratings/summary": Rule.EVERYBODYS,
    "GET /ratings/{id}": Rule.EVERYBODYS,
    "PUT /ratings/{id}": Rule.SHOWN,
    "DELETE /ratings/{id}": Rule.SHOWN,
    "GET /searches": Rule.MINE,
    "POST /searches": Rule.MINE,
    "GET /searches/{id}": Rule.PRIVATE,
    "PUT /searches/{id}": Rule.PRIVATE,
    "PATCH /searches/{id}": Rule.PRIVATE,
    "DELETE /searches/{id}": Rule.PRIVATE,
    "POST /searches/{id}/run": Rule.PRIVATE,
    "GET /searches/{id}/runs": Rule.PRIVATE,
    "GET /searches/{id}/results": Rule.PRIVATE,
    "GET /sellers": Rule.MINE,
    "POST /sellers": Rule.MINE,
    "GET /sellers/{id}": Rule.PRIVATE,
    "DELETE /sellers/{id}": Rule.PRIVATE,
    "GET /sellers/{id}/matches": Rule.PRIVATE,
    "GET /offers": Rule.MINE,
    "GET /providers": Rule.MINE,
}
# What a refusal is to each; who is not named here is let in.
REFUSALS = {
    Rule.EVERYBODYS: {},
    Rule.MINE: {"nobody": 401},
    Rule.PRIVATE: {"nobody": 401, "other": 404, "admin": 404},
    Rule.SHOWN: {"nobody": 401, "other": 403, "admin": 403},
    Rule.CURATORS: {"nobody": 401, "owner": 403, "other": 403},
    Rule.ADMINS: {"nobody": 401, "owner": 403, "other": 403},
}
FOUND = {
    "imports": ("/admin/imports", "admin"),
    "sessions": ("/auth/sessions", "owner"),
    "album": ("/albums", "owner"),
}
DOT = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
BODIES: dict[str, dict[str, object]] = {
    "PUT /searches/{id}": {"name": "replaced"},
    "PUT /ratings/{id}": {"rating": 4},
    "PUT /albums/{id}": {"title": "replaced"},
    "PUT /artists/{id}": {"name": "replaced"},
    "PUT /songs/{id}": {"title": "replaced"},
    "PUT /albums/{id}/enrichment/skip": {"reason": "a test"},
    "PUT /artists/{id}/enrichment/skip": {"reason": "a test"},
}
# What else shows that one is let in: the catalogue is for all tests, so nobody here really changes it.
LET_IN = {
    f"{method} /{kind}/{{id}}{more}": status
    for kind in ("albums", "artists", "songs")
    for method, more, status in (
        ("PUT", "", 428),
        ("PATCH", "", 428),
        ("DELETE", "", 428),
        ("POST", "/merge", 400),
        ("POST", "/revisions/{number}/undo", 404),
    )
} | {"PATCH /categories/{slug}": 428, "DELETE /categories/{slug}": 428}


class World:
    """Four people at one gateway, and what the owner among them has."""

    def __init__(self, gateway_url: str) -> None:
        self.clients = {who: httpx.Client(base_url=gateway_url, timeout=15) for who in PEOPLE}
        self.names = {"owner": "matrix-owner", "other": "matrix-other", "admin": ADMIN}
        for who, name in self.names.items():
            account = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
            answer = self._owners("POST", "/auth/signup", account, by="nobody")
            self.clients[who].headers["Authorization"] = f"Bearer {answer['access_token']}"
        album = {"album_id": self._owners("GET", "/albums")["items"][0]["id"]}
        self._bodies: dict[str, dict[str, object]] = {
            "collection": album,
            "wants": album,
            "ratings": album | {"rating": 3},
            "searches": {"name": "mine"},
            "products": {"title": "shown", "status": "published"},
            "sellers": {"provider": "discogs", "username": "needle-drop"},
        }

        self._owners("POST", "/products", {"title": "hidden"})

    def close(self) -> None:
        for client in self.clients.values():
            client.close()

    def id_for(self, kind: str) -> str:
        """Of a thing in the catalogue, or a new one of the owner's."""
        if kind in self._bodies:
            return str(self._owners("POST", f"/{kind}", self._bodies[kind])["id"])
        if kind == "media":
            form = {"file": ("dot.gif", DOT)}
            return str(self.clients["owner"].post(f"{BASE_PATH}/media", files=form).json()["id"])
        if kind == "categories":
            named = {"name": "matrix", "slug": f"matrix-{uuid4().hex[:8]}"}
            return str(self._owners("POST", "/categories", named, by="admin")["slug"])
        if kind in ("users", "profile"):
            return self.names["owner"]
        if kind == "sessions":
            signing_in = {"login": self.names["owner"], "password": PASSWORD}
            self._owners("POST", "/auth/login", signing_in, by="nobody")
        if kind == "revisions":
            return "99"
        path, by = FOUND.get(kind, (f"/{kind}", "owner"))
        return str(self._owners("GET", path, by=by)["items"][0]["id"])

    def private_ids(self) -> set[str]:
        """All that only the owner may ever see named."""
        kinds = ("collection?", "wants?", "searches?", "auth/sessions?", "products?status=draft&")
        lists = [self._owners("GET", f"/{kind}limit=100")["items"] for kind in kinds]
        return {item["id"] for items in lists for item in items}

    def _owners(self, method: str, path: str, body: object = None, by: str = "owner") -> dict[str, Any]:
        """Asks again while what is named is not known everywhere: what was imported a moment ago is soon."""
        deadline = time.monotonic() + 10
        while True:
            answer = self.clients[by].request(method, BASE_PATH + path, json=body)
            if answer.is_success:
                found: dict[str, Any] = answer.json()
                return found
            assert answer.status_code == 404, answer.text
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.1)


@pytest.fixture(scope="module")
def world(stocked: Stack) -> Iterator[World]:
    world = World(stocked.gateway_url)
    yield world
    world.close()


def name_of(route: PublicRoute) -> str:
    return f"{route.method} {route.path.removeprefix(BASE_PATH)}"


def test_every_route_has_a_rule_and_every_rule_a_route() -> None:
    assert set(RULES) == {name_of(route) for route in PUBLIC_ROUTES}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("route", PUBLIC_ROUTES, ids=name_of)
def test_who_gets_what(world: World, route: PublicRoute, who: str) -> None:
    name = name_of(route)
    path = re.sub(r"(\w+)/\{\w+\}", lambda match: f"{match[1]}/{world.id_for(match[1])}", route.path)
    path = path.replace("{variant}", "thumb")
    body = None if route.method in ("GET", "DELETE") else BODIES.get(name, {})
    whatever_version = {"If-Match": "*"} if route.method == "PUT" and name not in LET_IN else {}
    answer = world.clients[who].request(route.method, path, json=body, headers=whatever_version)
    refusal = REFUSALS[RULES[name]].get(who)
    if refusal is not None:
        assert answer.status_code == refusal, answer.text
    elif "{" in route.path:
        assert answer.is_success or answer.status_code == LET_IN.get(name), answer.text
    else:
        # let in, and perhaps told that an empty body or query says too little, or is no picture
        assert answer.is_success or answer.status_code in (400, 415), answer.text
    if who != "owner" and answer.is_success:
        assert not [each for each in world.private_ids() if each in answer.text]
