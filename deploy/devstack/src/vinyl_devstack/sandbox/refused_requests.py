"""Every refusal in the shape of the provider that was asked."""

from typing import Any

from litestar import Request, Response
from litestar.datastructures import State
from litestar.enums import MediaType
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from vinyl_devstack.sandbox.control.refusals import ControlRefused
from vinyl_devstack.sandbox.discogs import refusals as discogs
from vinyl_devstack.sandbox.ebay import refusals as ebay

AnyRequest = Request[Any, Any, State]


def _discogs(_: AnyRequest, refused: discogs.DiscogsRefused) -> Response[object]:
    return _json(refused.status, discogs.Refusal(refused.message))


def _discogs_field(_: AnyRequest, refused: discogs.DiscogsFieldRefused) -> Response[object]:
    return _json(422, discogs.FieldRefusal([refused.fault]))


def _ebay(_: AnyRequest, refused: ebay.EbayRefused | ebay.TokenRefused) -> Response[object]:
    return _json(refused.status, refused.refusal)


def _control(_: AnyRequest, refused: ControlRefused) -> Response[object]:
    return _json(refused.status, discogs.Refusal(refused.message))


def _framework(request: AnyRequest, refused: HTTPException) -> Response[object]:
    """Unknown addresses, wrong methods, bodies that do not read."""
    message = discogs.NOT_FOUND if refused.status_code == 404 else refused.detail
    if request.url.path.startswith("/ebay/"):
        return _json(refused.status_code, ebay.refused(2002, message).refusal)
    if isinstance(refused, ValidationException) and refused.extra:
        return _json(refused.status_code, {"message": message, "detail": refused.extra})
    return _json(refused.status_code, discogs.Refusal(message))


def _json(status: int, content: object) -> Response[object]:
    return Response(content, status_code=status, media_type=MediaType.JSON)


REFUSALS: ExceptionHandlersMap = {
    discogs.DiscogsRefused: _discogs,
    discogs.DiscogsFieldRefused: _discogs_field,
    ebay.EbayRefused: _ebay,
    ebay.TokenRefused: _ebay,
    ControlRefused: _control,
    HTTPException: _framework,
}
