"""How a visit ends: with an answer, a refusal, or a client that did not wait for it."""

from collections.abc import Awaitable

import structlog
from litestar.types import Send

from vinyl_contracts.errors import Refusal
from vinyl_gateway.answers import send_internal, send_refusal
from vinyl_gateway.forwarding.forwarding import AnswerCutShort
from vinyl_gateway.records import Records, Visit
from vinyl_gateway.refusals import ClientGone

# Statuses that only our own records know, after nginx's 499.
CLIENT_GONE = 499
CUT_SHORT = 599
_log = structlog.get_logger("front_door")


async def conclude(visit: Visit, answering: Awaitable[int], send: Send, records: Records) -> None:
    """`answering` gives the status of what it sent. Raises AnswerCutShort."""
    try:
        visit.status = await _answer(visit, answering, send)
    except ClientGone:
        visit.status = CLIENT_GONE
    except AnswerCutShort:
        visit.status = CUT_SHORT
        raise
    finally:
        records.keep(visit)


async def _answer(visit: Visit, answering: Awaitable[int], send: Send) -> int:
    """Nobody may be left to be refused, either. Raises ClientGone or AnswerCutShort."""
    try:
        return await answering
    except Refusal as refusal:
        return await send_refusal(refusal, send, visit.added, visit.path, visit.request_id)
    except (ClientGone, AnswerCutShort):
        raise
    except Exception:
        _log.exception("request_failed", request_id=visit.request_id, path=visit.path)
        return await send_internal(send, visit.added, visit.path, visit.request_id)
