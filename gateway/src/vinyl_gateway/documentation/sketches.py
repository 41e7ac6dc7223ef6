"""JSON schemas as short sketches that a person reads at a glance."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
_SCHEMA_REF = "#/components/schemas/"
_DEEPEST = 4
_PLAIN_NAMES = {"date-time": "time", "uuid": "id"}


def sketch(schema: Schema, schemas: Mapping[str, Any], indent: int = 0, within: tuple[str, ...] = ()) -> str:
    """`{title, year | null, tracks: [{…}]}` over several lines; a schema inside itself is only named."""
    if "$ref" in schema:
        name = str(schema["$ref"]).removeprefix(_SCHEMA_REF)
        if name in within or len(within) >= _DEEPEST or name not in schemas:
            return name
        return sketch(schemas[name], schemas, indent, (*within, name))
    if options := schema.get("oneOf") or schema.get("anyOf"):
        return " | ".join(dict.fromkeys(sketch(option, schemas, indent, within) for option in options))
    if schema.get("type") == "array":
        return f"[{sketch(schema.get('items', {}), schemas, indent, within)}]"
    if schema.get("properties"):
        return _sketch_object(schema, schemas, indent, within)
    return _sketch_scalar(schema)


def _sketch_object(schema: Schema, schemas: Mapping[str, Any], indent: int, within: tuple[str, ...]) -> str:
    required = schema.get("required", [])
    margin = "  " * (indent + 1)
    lines = [
        f"{margin}{name}{'' if name in required else '?'}: {sketch(value, schemas, indent + 1, within)}"
        for name, value in schema["properties"].items()
    ]
    return "{\n" + ",\n".join(lines) + "\n" + "  " * indent + "}"


def _sketch_scalar(schema: Schema) -> str:
    if "enum" in schema:
        return " | ".join("null" if value is None else f'"{value}"' for value in schema["enum"])
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return " | ".join(map(str, kind))
    name = _PLAIN_NAMES.get(str(schema.get("format")), str(kind))
    bounds = [
        f"{word} {schema[key]:g}"
        for key, word in (("minimum", "from"), ("maximum", "to"), ("minLength", "from"), ("maxLength", "to"))
        if key in schema
    ]
    return f"{name} ({' '.join(bounds)})" if bounds else name
