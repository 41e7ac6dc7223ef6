"""Resources as they are shown: the domain's own structs, which have the contract's shapes."""

from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from litestar import MediaType, Response

from vinyl_catalog import domain
from vinyl_catalog.domain.artists import Artist
from vinyl_catalog.domain.lists import Placed, Versioned
from vinyl_catalog.domain.revisions import Editor
from vinyl_chassis.identity import Listener
from vinyl_chassis.paging import Page
from vinyl_chassis.versions import created, may_be_kept, versioned

ItemT = TypeVar("ItemT")
# Records are read by rules, and another version of those shows the same record otherwise.
_RULES = blake2b(
    b"".join(file.read_bytes() for file in sorted(Path(domain.__path__[0]).glob("*.py"))), digest_size=4
).hexdigest()


def shown(resource: ItemT, *kept_as: str) -> Response[ItemT]:
    """With an ETag of all that is shown: names of others and ratings change without the resource."""
    return _sent(*encoded(resource), kept_as)


def shown_record(found: Versioned[ItemT], *kept_as: str) -> Response[ItemT]:
    """With an ETag that begins with the record's own version, by which curators edit it."""
    return _sent(*encoded_record(found), kept_as)


def made(found: Versioned[ItemT], location: str) -> Response[ItemT]:
    _, tag = encoded_record(found)
    return created(found.item, tag, location)


def editor_of(listener: Listener) -> Editor:
    return Editor(listener.id, listener.username)


def shown_or_moved(
    found: Versioned[ItemT], resource_id: UUID, asked_for: UUID, path: str, *kept_as: str
) -> Response[ItemT]:
    """The resource, or the way to it where what was asked for was merged into it."""
    if resource_id == asked_for:
        return shown_record(found, *(kept_as or [_key(path, resource_id)]))
    headers = may_be_kept(_key(path, asked_for), _key(path, resource_id)) | {
        "Location": f"{path}/{resource_id}"
    }
    moved: Response[Any] = Response(None, status_code=308, headers=headers)
    return moved


def _key(path: str, resource_id: UUID) -> str:
    return f"{path.rpartition('/')[2].removesuffix('s')}-{resource_id}"


def _sent(body: bytes, tag: str, kept_as: Sequence[str]) -> Response[Any]:
    headers = may_be_kept(*kept_as) if kept_as else {}
    answer: Response[Any] = versioned(body, tag, headers)
    answer.media_type = MediaType.JSON
    return answer


def encoded(resource: object) -> tuple[bytes, str]:
    """Once for the wire and for the tag."""
    body = msgspec.json.encode(resource)
    return body, blake2b(body, digest_size=12).hexdigest()


def encoded_record(found: Versioned[Any]) -> tuple[bytes, str]:
    if found.stamp is not None:
        return msgspec.json.encode(found.item), stamped(found.version, found.stamp)
    body, digest = encoded(found.item)
    return body, f"{found.version}-{digest}"


def stamped(version: int, stamp: str) -> str:
    """The tag of a record that need not be read for it."""
    return f"{version}-{stamp}{_RULES}"


def found_by(q: str | None, page: Page[ItemT]) -> Response[Page[ItemT]]:
    """What was searched for is not kept: the index learns of a change a moment after who is told of it."""
    return Response(page, headers={"Cache-Control": "no-cache", "Surrogate-Key": ""} if q else {})


def names_of_artist(artist: Artist) -> list[str]:
    """Under which it is kept: its own, and those of the artists whose names it shows."""
    others = (each.id for each in chain(artist.aliases, artist.members, artist.groups))
    return [f"artist-{each}" for each in dict.fromkeys([artist.id, *others])]


def keyed_by(text: str | None, otherwise: type[tuple[Any, ...]]) -> type[tuple[Any, ...]]:
    """What a place in a list is made of: by words, how many were before it."""
    return otherwise if text is None else tuple[int]


def item_of(placed: Placed[ItemT]) -> ItemT:
    return placed.item


def place_of(placed: Placed[Any]) -> Any:
    return placed.place
