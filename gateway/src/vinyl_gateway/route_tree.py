"""The table of public routes as a tree of path segments: one look-up a segment, whatever the table's size."""

from collections.abc import Iterable, Mapping

import msgspec

from vinyl_gateway.public_routes import PublicRoute


class Listed(msgspec.Struct, frozen=True):
    """A path of the table: its routes by method (HEAD stands beside GET) and its `Allow` field."""

    routes: Mapping[str, PublicRoute]
    allow: bytes


class _Node:
    __slots__ = ("children", "listed", "routes", "variable")

    def __init__(self) -> None:
        self.children: dict[bytes, _Node] = {}
        self.variable: _Node | None = None
        self.routes: dict[str, PublicRoute] = {}
        self.listed: Listed | None = None


class RouteTree:
    """A literal segment outranks a variable one, so `/users/profile` is never somebody's name."""

    def __init__(self, routes: Iterable[PublicRoute]) -> None:
        self._root = _Node()
        nodes = set()
        for route in routes:
            node = self._grow(route.path)
            if route.method in node.routes:
                raise ValueError(f"{route.method} {route.path} is listed twice")
            node.routes[route.method] = route
            nodes.add(node)
        for node in nodes:
            node.listed = _listed(node.routes)

    def find(self, path: bytes) -> Listed | None:
        """The listed path that `path`, in normal form, is an instance of."""
        segments = path.split(b"/")
        node = _straight_down(self._root, segments) or _descend(self._root, segments, 1)
        return node.listed if node else None

    def _grow(self, path: str) -> _Node:
        node = self._root
        for segment in path.encode().split(b"/")[1:]:
            if segment.startswith(b"{"):
                node.variable = node.variable or _Node()
                node = node.variable
            else:
                node = node.children.setdefault(segment, _Node())
        return node


def _straight_down(node: _Node, segments: list[bytes]) -> _Node | None:
    """The same as `_descend` finds, and sooner, wherever no literal segment leads astray."""
    for segment in segments[1:]:
        child = node.children.get(segment) or (node.variable if segment else None)
        if child is None:
            return None
        node = child
    return node if node.listed else None


def _descend(node: _Node, segments: list[bytes], depth: int) -> _Node | None:
    if depth == len(segments):
        return node if node.listed else None
    child = node.children.get(segments[depth])
    if child and (found := _descend(child, segments, depth + 1)):
        return found
    if node.variable and segments[depth]:
        return _descend(node.variable, segments, depth + 1)
    return None


def _listed(routes: Mapping[str, PublicRoute]) -> Listed:
    by_method = dict(routes)
    if "GET" in by_method:
        by_method["HEAD"] = by_method["GET"]
    return Listed(routes=by_method, allow=", ".join(sorted(by_method)).encode())
