"""Lists by keyset: `limit`, and a signed `cursor` that fits only the list it came from."""

import base64
import hmac
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from litestar.params import QueryParameter

from vinyl_contracts.errors import Invalid

ItemT = TypeVar("ItemT")
RowT = TypeVar("RowT")
KeyT = TypeVar("KeyT")

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="How many items at most")]
Cursor = Annotated[
    str | None, QueryParameter(max_length=2000, description="`next_cursor` of the page before")
]


class Page(msgspec.Struct, Generic[ItemT], frozen=True):
    items: list[ItemT]
    next_cursor: str | None


class Cursors:
    """Writes and reads cursors. `secret` is the same in every process of a service."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def write(self, place: Sequence[Any], *scope: object) -> str:
        """`place` are the sort keys of the last item shown; `scope` names list, order, filters and person."""
        body = msgspec.json.encode(place)
        return _spelled(self._seal(body, scope) + body)

    def read(self, cursor: str | None, kind: type[KeyT], *scope: object) -> KeyT | None:
        """The place as `kind`, a tuple type. Raises Invalid for a cursor of anything else."""
        if cursor is None:
            return None
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            # base64's last letter has bits that mean nothing: one spelling is ours, others are forged
            if _spelled(raw) != cursor or not hmac.compare_digest(raw[:16], self._seal(raw[16:], scope)):
                raise ValueError
            return msgspec.json.decode(raw[16:], type=kind)
        except (ValueError, msgspec.DecodeError):
            raise Invalid.field(
                "cursor", "is not a cursor of this list, order and filter; start without one"
            ) from None

    def page(
        self,
        rows: Sequence[RowT],
        limit: int,
        view: Callable[[RowT], ItemT],
        place: Callable[[RowT], Sequence[Any]],
        *scope: object,
    ) -> Page[ItemT]:
        """A page out of up to `limit` + 1 rows: the one more says only that there is more."""
        shown = rows[:limit]
        more = self.write(place(shown[-1]), *scope) if len(rows) > limit else None
        return Page([view(row) for row in shown], more)

    def _seal(self, body: bytes, scope: Sequence[object]) -> bytes:
        bound = msgspec.json.encode([str(part) for part in scope])
        return hmac.digest(self._secret, len(bound).to_bytes(4, "big") + bound + body, "sha256")[:16]


def _spelled(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
