"""Which listed path a request's path is an instance of."""

import re

import msgspec
import pytest

from vinyl_gateway.public_routes import PUBLIC_ROUTES, PublicRoute
from vinyl_gateway.route_tree import RouteTree


def found(tree: RouteTree, path: bytes) -> str | None:
    listed = tree.find(path)
    return next(iter(listed.routes.values())).path if listed else None


@pytest.mark.parametrize("route", PUBLIC_ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_listed_path_is_found_by_its_instances(route: PublicRoute) -> None:
    path = re.sub(r"{[^}]*}", "0190-x", route.path).encode()
    tree = RouteTree(PUBLIC_ROUTES)
    assert found(tree, path) == route.path
    assert found(tree, path + b"/") is None


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        (b"/a/other", "/a/{one}"),
        (b"/a/b", "/a/{one}"),  # the way to /a/b/c, but no path itself
        (b"/a/b/c", "/a/b/c"),
        (b"/a/b/other", "/a/{one}/{two}"),
        (b"/a/other/c", "/a/{one}/{two}"),
        (b"/a/b/d/e", "/a/{one}/d/e"),
        (b"/a/", None),
        (b"/a", None),
        (b"/a//c", None),
        (b"/", None),
        (b"", None),
        (b"/b/c", None),
    ],
)
def test_literal_segments_outrank_others_and_lead_nobody_astray(path: bytes, listed: str | None) -> None:
    paths = ["/a/{one}", "/a/b/c", "/a/{one}/{two}", "/a/{one}/d/e"]
    tree = RouteTree(msgspec.structs.replace(PUBLIC_ROUTES[0], path=each) for each in paths)
    assert found(tree, path) == listed
