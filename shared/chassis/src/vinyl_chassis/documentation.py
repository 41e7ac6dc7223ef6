"""The OpenAPI document of a service."""

from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
_REFUSAL = {
    "description": "A refusal (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def configuration(service: str, version: str) -> OpenAPIConfig:
    """Operation ids are the names of the handlers: `list_albums`."""
    return OpenAPIConfig(
        title=f"Vinylhound {service}",
        version=version,
        path="/openapi",
        render_plugins=[JsonRenderPlugin()],
        operation_id_creator=lambda handler, _method, _path: handler.handler_name,
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")}
        ),
    )


def document(app: Litestar) -> dict[str, Any]:
    """What the framework derives from the routes, and the problem every route may answer with."""
    schema: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))
    schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM
    for operations in schema.get("paths", {}).values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].pop("400", None)
                for response in operation["responses"].values():
                    # The framework keeps them in a set: every process would have an order of its own.
                    if "headers" in response:
                        response["headers"] = dict(sorted(response["headers"].items()))
                operation["responses"]["default"] = _REFUSAL
    return schema


@get("/openapi.json", include_in_schema=False)
async def read_openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    return Response(msgspec.json.encode(document(request.app)), media_type="application/json")
