"""One OpenAPI document out of the services' own, cut to the public routes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from vinyl_gateway.documentation.examples import with_examples
from vinyl_gateway.documentation.page_operations import PAGES_TAG, page_operation
from vinyl_gateway.public_routes import Access, PublicRoute, Service

Document = dict[str, Any]
_VARIABLE = re.compile(r"\{[^}]*\}")
# `Page_vinyl_catalog.domain.albums.Album_` is how the framework names Page[Album]
_GENERIC = re.compile(r"(?P<outer>\w+?)_[\w.]*\.(?P<inner>\w+)_")
_SCHEMA_REF = "#/components/schemas/"
_BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
_INFO = {
    "title": "Vinylhound",
    "version": "1",
    "description": "Every public route. Errors are problem documents (RFC 9457) with a stable `code`.",
}


class UndocumentedRoute(Exception):
    """A public route that its service says nothing of."""


def merge(documents: Mapping[Service, Document], routes: Iterable[PublicRoute]) -> Document:
    """Raises UndocumentedRoute.

    A schema or operation whose name another service took first is named after its own service as well,
    so nothing that exists is renamed when a service later in the order grows.
    """
    taken_schemas: dict[str, Any] = {}
    taken_operations: set[str] = set()
    paths: dict[str, dict[str, Any]] = {}
    listed = list(routes)
    for service in Service:
        own = [route for route in listed if route.service is service and not route.is_page]
        document = documents.get(service, {})
        names = _adopt_schemas(service, document, taken_schemas)
        for route, path, operation in _operations(document, own, service):
            public = _renamed(operation, names)
            public["operationId"] = _operation_id(route, operation, taken_operations)
            public["tags"] = [service.value]
            paths.setdefault(path, {})[route.method.lower()] = public
    for route in listed:
        if route.is_page:
            paths[route.path] = {"get": page_operation(route, paths) | {"security": _security(route)}}
    components = {"schemas": _reachable(paths, taken_schemas), "securitySchemes": {"bearer": _BEARER}}
    tags = [{"name": name} for name in (*(service.value for service in Service), PAGES_TAG)]
    return {
        "openapi": "3.1.0",
        "info": _INFO,
        "servers": [{"url": "/"}],
        "tags": tags,
        "paths": {
            path: {
                method: with_examples(operation, components["schemas"])
                for method, operation in paths[path].items()
            }
            for path in sorted(paths)
        },
        "components": components,
    }


def _operations(
    document: Document, routes: Iterable[PublicRoute], service: Service
) -> Iterator[tuple[PublicRoute, str, Document]]:
    """With the service's own spelling of each route's path, whose variables may have other names."""
    spelled = {_shape(path): (path, operations) for path, operations in document.get("paths", {}).items()}
    for route in routes:
        path, operations = spelled.get(_shape(route.path), (route.path, {}))
        operation = operations.get(route.method.lower())
        if operation is None:
            raise UndocumentedRoute(f"{service.value} does not document {route.method} {route.path}")
        retired = {"deprecated": True} if route.retirement else {}
        yield route, path, operation | retired | {"security": _security(route)}


def _shape(path: str) -> str:
    return _VARIABLE.sub("{}", path).rstrip("/") or "/"


def _security(route: PublicRoute) -> list[dict[str, list[str]]]:
    return [{}, {"bearer": []}] if route.access is Access.PUBLIC else [{"bearer": []}]


def _operation_id(route: PublicRoute, operation: Document, taken: set[str]) -> str:
    """The first version's names stay what they are when there is a second."""
    name = str(operation["operationId"]) + (f"_v{route.version}" if route.version > 1 else "")
    if name in taken:
        name = f"{route.service.value}_{name}"
    taken.add(name)
    return name


def _adopt_schemas(service: Service, document: Document, taken: dict[str, Any]) -> dict[str, str]:
    """Adds the document's schemas to the ones taken, and returns their names there."""
    own = document.get("components", {}).get("schemas", {})
    names = {name: _public_name(service, name, schema, taken) for name, schema in own.items()}
    for name, schema in own.items():
        taken[names[name]] = _renamed(schema, names)
    return names


def _public_name(service: Service, name: str, schema: Any, taken: Mapping[str, Any]) -> str:
    """Without our modules in it; the service's own where another has taken the name for something else."""
    plain = _GENERIC.sub(r"\g<inner>\g<outer>", name)
    return plain if plain not in taken or taken[plain] == schema else f"{service.value.title()}{plain}"


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: _renamed_value(key, value, names) for key, value in node.items()}
    if isinstance(node, list):
        return [_renamed(item, names) for item in node]
    return node


def _renamed_value(key: str, value: Any, names: Mapping[str, str]) -> Any:
    if key == "$ref" and isinstance(value, str):
        name = value.removeprefix(_SCHEMA_REF)
        return _SCHEMA_REF + names.get(name, name)
    return _renamed(value, names)


def _reachable(paths: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    waiting = list(_references(paths))
    while waiting:
        name = waiting.pop()
        if name not in found and name in schemas:
            found[name] = schemas[name]
            waiting += _references(schemas[name])
    return dict(sorted(found.items()))


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            yield reference.removeprefix(_SCHEMA_REF)
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
