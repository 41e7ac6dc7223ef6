"""A picture in a request: as the body itself, or as the one file of a form."""

from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.exceptions import HTTPException
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from multipart import (  # type: ignore[import-untyped]
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from vinyl_catalog.domain.pictures import MOST_BYTES, Coding
from vinyl_contracts.errors import Invalid

FORM_BYTES = 64 * 1024
_MOST_PARTS = 10


class Upload(bytes):
    """The bytes of a picture, unread."""


@dataclass
class UploadOperation(Operation):
    """The route in the OpenAPI document, whose body no struct describes."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        form = Schema(type=OpenAPIType.OBJECT, properties={"file": file}, required=["file"])
        content = {"multipart/form-data": OpenAPIMediaType(form), "image/*": OpenAPIMediaType(file)}
        self.request_body = RequestBody(content, required=True)


@dataclass
class PictureOperation(Operation):
    """The route whose answer is a picture, in one coding or the other."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        shown = OpenAPIResponse("A picture", content={f"image/{coding}": file for coding in Coding})
        self.responses = {**(self.responses or {}), "200": shown}


async def provide_upload(request: Request[Any, Any, Any]) -> Upload:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind == "multipart/form-data":
        picture = _file_in(await request.body(), options.get("boundary", ""))
    elif kind.startswith("image/") or kind == "application/octet-stream":
        picture = await request.body()
    else:
        raise HTTPException(status_code=415, detail="Send the picture as multipart/form-data or as image/….")
    if len(picture) > MOST_BYTES:
        raise HTTPException(status_code=413, detail="A picture may have 10 MB at most.")
    return Upload(picture)


def _file_in(body: bytes, boundary: str) -> bytes:
    """The one file of the form. Raises Invalid."""
    files: list[bytearray] = []
    is_file = False
    try:
        with PushMultipartParser(boundary, max_segment_count=_MOST_PARTS) as parser:
            for part in parser.parse(body):
                if isinstance(part, MultipartSegment):
                    is_file = part.filename is not None
                    files += [bytearray()] if is_file else []
                elif is_file and part is not None:
                    files[-1] += part
    except ValueError:
        raise Invalid.field("body", "is not a whole form (multipart/form-data)") from None
    if len(files) != 1:
        raise Invalid.field("file", "is required: a form with one picture in it")
    return bytes(files[0])
