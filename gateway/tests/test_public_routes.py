"""The table of routes and the tree that is made of it."""

import re

import pytest

from vinyl_contracts.claims import Role, TokenScope
from vinyl_gateway.public_routes import PUBLIC_ROUTES, Access, RouteClass, Service
from vinyl_gateway.route_tree import RouteTree

TREE = RouteTree(PUBLIC_ROUTES)


@pytest.mark.parametrize("route", PUBLIC_ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_listed_route_is_found_by_an_instance_of_its_path(route) -> None:
    listed = TREE.find(re.sub(r"\{[^}]*\}", "some-thing", route.path).encode())
    assert listed is not None
    assert listed.routes[route.method] is route


@pytest.mark.parametrize(
    "path",
    [
        b"/",
        b"/api/v1",
        b"/api/v1/",
        b"/api/v1/albums/",
        b"/api/v1/albums/1/",
        b"/api/v1/albums/1/releases/2",
        b"/api/v1/admin",
        b"/api/v2/albums",
        b"/albums",
        b"/api/v1/ALBUMS",
        b"/api/v1/users/",
        b"/.well-known/jwks.json/",
        b"/api/v1/{id}",
    ],
)
def test_what_is_not_listed_is_not_found(path: bytes) -> None:
    assert TREE.find(path) is None


def test_a_literal_segment_outranks_a_variable_one() -> None:
    assert TREE.find(b"/api/v1/users/profile").routes["GET"].path == "/api/v1/users/profile"
    assert TREE.find(b"/api/v1/users/ada").routes["GET"].path == "/api/v1/users/{username}"
    assert "PATCH" not in TREE.find(b"/api/v1/users/ada").routes
    assert TREE.find(b"/api/v1/ratings/summary").routes["GET"].path == "/api/v1/ratings/summary"


def test_allow_names_every_method_of_the_path() -> None:
    assert TREE.find(b"/api/v1/ratings").allow == b"GET, HEAD, POST"
    assert TREE.find(b"/api/v1/auth/login").allow == b"POST"


def test_a_route_listed_twice_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="listed twice"):
        RouteTree([PUBLIC_ROUTES[0], PUBLIC_ROUTES[0]])


def test_what_writes_needs_a_sign_in_but_for_the_sign_in_itself() -> None:
    open_writes = {r.path for r in PUBLIC_ROUTES if r.method != "GET" and r.access is Access.PUBLIC}
    assert open_writes == {f"/api/v1/auth/{step}" for step in ("signup", "login", "refresh")}
    classes = {r.path.rpartition("/")[2]: r.route_class for r in PUBLIC_ROUTES if r.path in open_writes}
    sign_in = RouteClass.SIGN_IN
    assert classes == {"signup": sign_in, "login": sign_in, "refresh": RouteClass.REFRESH}


def test_administration_needs_its_role() -> None:
    for route in PUBLIC_ROUTES:
        if route.path.startswith("/api/v1/admin/"):
            curators = route.path.startswith("/api/v1/admin/enrichment")
            assert route.role is (Role.CURATOR if curators else Role.ADMIN)


def test_a_path_belongs_to_one_service() -> None:
    owners: dict[str, set[Service]] = {}
    for route in PUBLIC_ROUTES:
        owners.setdefault(route.path, set()).add(route.service)
    assert {len(services) for services in owners.values()} == {1}


def test_a_token_for_reading_reads_and_signing_in_is_done_in_person() -> None:
    for route in PUBLIC_ROUTES:
        if route.path.startswith("/api/v1/auth/"):
            assert route.scope is None
        else:
            assert route.scope is (TokenScope.READ if route.method == "GET" else TokenScope.WRITE)
