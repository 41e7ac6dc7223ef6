"""What bodies and answers look like, made up from their schemas and from what fields usually hold."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
JSON = "application/json"
_SCHEMA_REF = "#/components/schemas/"
_BY_FORMAT = {
    "uuid": "01a1fe82-6017-7229-93a2-be01bd858eca",
    "date-time": "2026-11-22T09:30:00Z",
    "date": "2026-11-22",
}
_TEXTS = {
    "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMWExIn0.c2lnbmF0dXJl",
    "amount": "12.50",
    "artist": "Miles Davis",
    "catalog_number": "CL 1355",
    "category": "sleeves",
    "code": "album_not_found",
    "color": "#2f5d8a",
    "country": "US",
    "country_code": "US",
    "credited_as": "M. Davis",
    "currency": "EUR",
    "current_password": "run-out grooves",
    "descriptions": "LP",
    "email": "ada@example.org",
    "files": "discogs_20261101_releases.xml.gz",
    "formats": "LP",
    "genres": "Jazz",
    "icon": "disc",
    "join": "&",
    "kind": "homepage",
    "licence": "CC BY-SA 4.0",
    "login": "ada",
    "musicbrainz_id": "8e8a594f-2175-38c7-a871-abb68ec363e7",
    "name": "Miles Davis",
    "new_password": "dead wax and run-outs",
    "next_cursor": "oHjs4j-rpYQym7x583_YaVsiMDFhMSJd",
    "notes": "Gatefold, with its insert.",
    "password": "dead wax and run-outs",
    "position": "A1",
    "refresh_token": "c2Vjb25kLXNwaW4tZ2F0ZWZvbGQ",
    "role": "Producer",
    "seller_countries": "DE",
    "ships_from": "Germany",
    "ships_to": "DE",
    "slug": "sleeves",
    "source": "wikipedia",
    "styles": "Modal",
    "subtitle": "Miles Davis",
    "tags": "first-press",
    "title": "Kind Of Blue",
    "token_type": "Bearer",
    "tracks": "A1 to A3",
    "type": "Barcode",
    "url": "https://example.org/kind-of-blue",
    "username": "ada",
}
_NUMBERS = {
    "average": 4.5,
    "bayesian_average": 4.21,
    "confidence": 0.97,
    "day": 17,
    "duration_seconds": 562,
    "expires_in": 900,
    "height": 600,
    "interval_minutes": 60,
    "month": 8,
    "rate": 5120.4,
    "rating": 5,
    "width": 600,
    "year": 1959,
}


def example(schema: Schema, schemas: Mapping[str, Any], name: str = "", within: tuple[str, ...] = ()) -> Any:
    """A value that `schema` allows; a schema inside itself is left empty."""
    if "$ref" in schema:
        target = str(schema["$ref"]).removeprefix(_SCHEMA_REF)
        return None if target in within else example(schemas[target], schemas, name, (*within, target))
    if options := schema.get("oneOf") or schema.get("anyOf"):
        values = (example(option, schemas, name, within) for option in options)
        return next((value for value in values if value is not None), None)
    if allowed := schema.get("enum") or ("const" in schema and [schema["const"]]):
        return next(value for value in allowed if value is not None)
    if schema.get("type") == "array":
        item = example(schema.get("items", {}), schemas, name, within)
        return [] if item is None else [item]
    if "properties" in schema:
        return {key: example(value, schemas, key, within) for key, value in schema["properties"].items()}
    return _scalar(schema, name)


def with_examples(operation: dict[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The operation, its body and what it answers where all is well."""
    shown = dict(operation)
    if "requestBody" in shown:
        shown["requestBody"] = _exemplified(shown["requestBody"], schemas)
    shown["responses"] = {
        status: _exemplified(answer, schemas) if status.startswith("2") else answer
        for status, answer in shown["responses"].items()
    }
    return shown


def _exemplified(said: dict[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    content = said.get("content", {})
    if "schema" not in content.get(JSON, {}):
        return said
    media = {**content[JSON], "example": example(content[JSON]["schema"], schemas)}
    return {**said, "content": {**content, JSON: media}}


def _scalar(schema: Schema, name: str) -> Any:
    match schema.get("type"):
        case "string":
            return _BY_FORMAT.get(str(schema.get("format"))) or _TEXTS.get(name, "Side one is the one.")
        case "integer":
            return int(_bounded(_NUMBERS.get(name, 3), schema))
        case "number":
            return _bounded(_NUMBERS.get(name, 0.5), schema)
        case kind:
            return {"boolean": True, "object": {}}.get(str(kind))


def _bounded(number: float, schema: Schema) -> float:
    least, most = float(schema.get("minimum", "-inf")), float(schema.get("maximum", "inf"))
    return min(max(number, least), most)
