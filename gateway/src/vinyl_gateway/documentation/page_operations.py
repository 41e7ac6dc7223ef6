"""What the document says of pages, which no service knows: their parts are answers that it has already."""

import re
from collections.abc import Mapping
from typing import Any

from vinyl_gateway.pages.plans import PAGES, Part
from vinyl_gateway.public_routes import BASE_PATH, PublicRoute

PAGES_TAG = "pages"
_VARIABLE = re.compile(r"\{([^}]*)\}")
_MISSING = {
    "type": "array",
    "description": "Parts that did not come, each with the code of the refusal that came instead.",
    "items": {
        "type": "object",
        "required": ["part", "code", "detail"],
        "properties": {name: {"type": "string"} for name in ("part", "code", "detail")},
    },
}


def page_operation(route: PublicRoute, paths: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """`paths` are the services' own."""
    parts = PAGES[route.path]
    name = route.path.removeprefix(f"{BASE_PATH}/pages/").partition("/")[0]
    main = next((part.name for part in parts if part.is_main), None)
    schema = {
        "type": "object",
        "required": [*(part.name for part in parts), "missing"],
        "properties": {part.name: _shown(part, paths) for part in parts} | {"missing": _MISSING},
    }
    first = _operation(parts[0], paths)["responses"]
    refusals = {status: refusal for status, refusal in first.items() if status == "default"}
    return {
        "operationId": f"read_{name}_page",
        "tags": [PAGES_TAG],
        "summary": f"Everything of the page {name} at once; without {main} there is none"
        if main
        else f"Everything of the page {name} at once",
        "parameters": [
            {"name": variable, "in": "path", "required": True, "schema": {"type": "string"}}
            for variable in _VARIABLE.findall(route.path)
        ],
        "responses": {
            "200": {"description": "The page", "content": {"application/json": {"schema": schema}}},
            **refusals,
        },
    }


def _shown(part: Part, paths: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The schema of the part's own route; a part that may be missing is null then."""
    answer = _operation(part, paths)["responses"]["200"]
    shown: dict[str, Any] = answer["content"]["application/json"]["schema"]
    return shown if part.is_main else {"anyOf": [shown, {"type": "null"}]}


def _operation(part: Part, paths: Mapping[str, Mapping[str, Any]]) -> Any:
    shape = _VARIABLE.sub("{}", BASE_PATH + part.path)
    return next(paths[path]["get"] for path in paths if _VARIABLE.sub("{}", path) == shape)
