"""Resources as they are shown: the domain's own structs, which have the contract's shapes."""

from hashlib import blake2b
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from litestar import Response

from vinyl_catalog.domain.lists import Placed
from vinyl_chassis.versions import versioned

ItemT = TypeVar("ItemT")


def shown(resource: ItemT) -> Response[ItemT]:
    """With an ETag of all that is shown: names of others and ratings change without the resource."""
    return versioned(resource, blake2b(msgspec.json.encode(resource), digest_size=12).hexdigest())


def shown_or_moved(resource: ItemT, resource_id: UUID, asked_for: UUID, path: str) -> Response[ItemT]:
    """The resource, or the way to it where what was asked for was merged into it."""
    if resource_id == asked_for:
        return shown(resource)
    moved: Response[Any] = Response(None, status_code=308, headers={"Location": f"{path}/{resource_id}"})
    return moved


def item_of(placed: Placed[ItemT]) -> ItemT:
    return placed.item


def place_of(placed: Placed[Any]) -> Any:
    return placed.place
