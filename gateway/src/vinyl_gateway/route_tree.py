"""The table of public routes as a tree of path segments: one look-up a segment, whatever the table's size."""

from collections.abc import Iterable, Iterator, Mapping

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
        self._literal = dict(_literal_paths(self._root, b""))

    def find(self, path: bytes) -> Listed | None:
        """The listed path that `path`, in normal form, is an instance of."""
        parent, _, last = path.rpartition(b"/")
        above = self._literal.get(parent)  # of most paths all but the last segment is literal
        if above is not None and (found := _below(above, last)) is not None:
            return found.listed
        segments = path.split(b"/")
        node = _descend(self._root, segments, 1)
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


def _literal_paths(node: _Node, path: bytes) -> Iterator[tuple[bytes, _Node]]:
    yield path, node
    for segment, child in node.children.items():
        yield from _literal_paths(child, path + b"/" + segment)


def _below(node: _Node, segment: bytes) -> _Node | None:
    """The same as `_descend` finds, where it needs no second look."""
    child = node.children.get(segment) or (node.variable if segment else None)
    return child if child and child.listed else None


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
