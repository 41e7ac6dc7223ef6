"""The request as our routes see it: bodies decoded strictly, once, straight into their struct."""

import json
import re
from collections.abc import AsyncGenerator, Iterable
from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException, InternalServerException
from litestar.typing import FieldDefinition

from vinyl_chassis.problems import explain_validation
from vinyl_contracts.errors import FieldError, Invalid

MOST_JSON_BYTES = 1024 * 1024
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,19}")


class StrictRequest(Request[Any, Any, Any]):
    """Refuses what the framework would let pass: "5" for 5, a key twice, NUL, another content type."""

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """A client that leaves while it still speaks is no failure of ours."""
        try:
            async for part in super().stream():
                yield part
        except InternalServerException as error:
            raise HTTPException(status_code=400, detail="The body ended before its end.") from error

    async def json(self) -> Any:
        """The body as the route's own struct. Raises Invalid, with the field at fault."""
        media_type = self.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise HTTPException(status_code=415, detail="Send the body as application/json.")
        body = await self.body()
        field = self.route_handler.parsed_data_field
        try:
            decoded = msgspec.json.decode(body, type=field.annotation if field else Any)
            json.loads(body, object_pairs_hook=_unique)
        except msgspec.DecodeError as error:
            raise explain_validation(error) from None
        except (RecursionError, UnicodeDecodeError):
            raise Invalid.field("body", "is nested too deeply or not UTF-8") from None
        return decoded


async def refuse_loose_parameters(request: Request[Any, Any, Any]) -> None:
    """What the framework would let pass: several values where one is meant, 5.0 or 5e0 for 5, and `null` for
    an id, which would ask for everything.

    Like our guards it only looks like waiting: the framework runs plain functions in threads.
    """
    if not request.scope["query_string"]:
        return
    known = {
        getattr(field.kwarg_definition, "name", None) or name: field
        for name, field in request.route_handler.parsed_fn_signature.parameters.items()
    }
    given = list(cast("Iterable[tuple[str, str]]", request.query_params.multi_items()))
    names = [name for name, _ in given]
    repeated = sorted({name for name in names if names.count(name) > 1} & known.keys())
    if repeated:
        raise Invalid(
            f"Give {', '.join(repeated)} once.",
            [FieldError(name, "is given more than once") for name in repeated],
        )
    for name, value in given:
        if name in known and _is(known[name], int) and not _WHOLE_NUMBER.fullmatch(value):
            raise Invalid.field(name, "has to be a whole number, in digits alone")
        if name in known and _is(known[name], UUID) and value.lower() == "null":
            raise Invalid.field(name, "has to be an id")


def _is(field: FieldDefinition, kind: type) -> bool:
    return field.is_subclass_of(kind) or field.has_inner_subclass_of(kind)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid.field(twice, "is given twice")
    for name, value in pairs:
        if "\0" in name or _holds_nul(value):
            raise Invalid.field(name.replace("\0", ""), "holds a NUL character, which no text does")
    return found


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    return isinstance(value, list) and any(_holds_nul(item) for item in value)
