"""Where the merged document is read, by machines and by people."""

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from vinyl_gateway.documentation.page import STYLE, render
from vinyl_gateway.documentation.public_document import PublicDocument
from vinyl_gateway.site.fences import PLAIN_PAGE

_FENCES = {name.decode(): value.decode() for name, value in PLAIN_PAGE}


@get("/openapi.json")
async def read_openapi(document: NamedDependency[PublicDocument]) -> Response[bytes]:
    return Response(msgspec.json.encode(await document.read()), media_type="application/json")


@get("/docs")
async def read_page(document: NamedDependency[PublicDocument]) -> Response[str]:
    return Response(render(await document.read()), media_type="text/html", headers=_FENCES)


@get("/docs/style.css")
async def read_style() -> Response[str]:
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "max-age=3600"})
