"""The merged document as one plain page: no scripts, nothing fetched from elsewhere."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from vinyl_gateway.documentation.merging import Document
from vinyl_gateway.documentation.sketches import sketch

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
nav a { margin-right: 1rem; }
details { border-top: 1px solid #8886; padding: .4rem 0; }
summary { cursor: pointer; }
summary code { font-size: 1rem; }
.method { display: inline-block; width: 4.5rem; font-weight: 700; }
.signed-in::after { content: "signed in"; font-size: .75rem; border: 1px solid; border-radius: 1rem;
  padding: 0 .5rem; margin-left: .5rem; opacity: .8; }
pre { overflow-x: auto; background: #8882; padding: .7rem; border-radius: .4rem; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .1rem 1rem .1rem 0; }
"""


def render(document: Document) -> str:
    services = [str(tag["name"]) for tag in document["tags"]]
    links = "".join(f'<a href="#{name}">{name}</a>' for name in services)
    sections = "".join(_section(document, service) for service in services)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Vinylhound API</title>"
        '<link rel="stylesheet" href="/docs/style.css"></head><body>'
        f"<h1>Vinylhound API</h1><p>{escape(document['info']['description'])} "
        "Sign in with <code>POST /api/v1/auth/login</code> and send <code>Authorization: Bearer …</code>. "
        'The same for machines: <a href="/openapi.json">openapi.json</a>.</p>'
        f"<nav>{links}</nav>{sections}</body></html>"
    )


def _section(document: Document, service: str) -> str:
    entries = "".join(
        _entry(method, path, operation, document["components"]["schemas"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if service in operation["tags"]
    )
    return f'<h2 id="{escape(service)}">{escape(service)}</h2>{entries}'


def _entry(method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    marked = "" if {} in operation["security"] else " signed-in"
    old = "Deprecated: " if operation.get("deprecated") else ""
    title = escape(str(operation.get("summary") or operation["operationId"]))
    described = f"<p>{escape(operation['description'])}</p>" if operation.get("description") else ""
    parts = "".join([described, _parameters(operation), *_bodies(operation, schemas)])
    return (
        f'<details id="{escape(operation["operationId"])}"><summary>'
        f'<span class="method">{method.upper()}</span><code>{escape(path)}</code>'
        f'<span class="{marked.strip()}"></span> {old}{title}</summary>{parts}</details>'
    )


def _parameters(operation: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code></td><td>{escape(one['in'])}</td>"
        f"<td>{escape(sketch(one.get('schema', {}), {}))}</td>"
        f"<td>{'required' if one.get('required') else ''}</td></tr>"
        for one in operation.get("parameters", [])
    )
    return f"<table>{rows}</table>" if rows else ""


def _bodies(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    if body := operation.get("requestBody"):
        yield _body("Body", body, schemas)
    for status, answer in operation.get("responses", {}).items():
        if status != "default":
            yield _body(f"{status} {answer.get('description', '')}", answer, schemas)


def _body(title: str, described: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    content: Mapping[str, Any] = next(iter(described.get("content", {}).values()), {})
    shape = f"<pre>{escape(sketch(content['schema'], schemas))}</pre>" if content.get("schema") else ""
    return f"<h4>{escape(title)}</h4>{shape}"
