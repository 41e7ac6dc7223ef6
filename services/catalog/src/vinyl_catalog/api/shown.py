"""Resources as they are shown: the domain's own structs, which have the contract's shapes."""

from hashlib import blake2b
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from litestar import Response

from vinyl_catalog.domain.lists import Placed, Versioned
from vinyl_catalog.domain.revisions import Editor
from vinyl_chassis.identity import Listener
from vinyl_chassis.versions import created, record_tag, versioned

ItemT = TypeVar("ItemT")


def shown(resource: ItemT) -> Response[ItemT]:
    """With an ETag of all that is shown: names of others and ratings change without the resource."""
    return versioned(resource, _digest(resource))


def shown_record(found: Versioned[ItemT]) -> Response[ItemT]:
    """With an ETag that begins with the record's own version, by which curators edit it."""
    return versioned(found.item, _tag_of(found))


def made(found: Versioned[ItemT], location: str) -> Response[ItemT]:
    return created(found.item, _tag_of(found), location)


def editor_of(listener: Listener) -> Editor:
    return Editor(listener.id, listener.username)


def shown_or_moved(found: Versioned[ItemT], resource_id: UUID, asked_for: UUID, path: str) -> Response[ItemT]:
    """The resource, or the way to it where what was asked for was merged into it."""
    if resource_id == asked_for:
        return shown_record(found)
    moved: Response[Any] = Response(None, status_code=308, headers={"Location": f"{path}/{resource_id}"})
    return moved


def _tag_of(found: Versioned[Any]) -> str:
    return record_tag(found.version, _digest(found.item))


def _digest(resource: object) -> str:
    return blake2b(msgspec.json.encode(resource), digest_size=12).hexdigest()


def item_of(placed: Placed[ItemT]) -> ItemT:
    return placed.item


def place_of(placed: Placed[Any]) -> Any:
    return placed.place
