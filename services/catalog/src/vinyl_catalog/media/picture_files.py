"""Where pictures are kept: a folder, or any store that obstore reaches (S3 and what speaks like it)."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec
import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from vinyl_catalog.domain.pictures import Coding, Variant
from vinyl_contracts.errors import Unavailable
from vinyl_contracts.ids import MediaId

_PATIENCE = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}


class Kept(msgspec.Struct, frozen=True):
    """A file as the store lists it."""

    path: str
    last_modified: datetime

    @property
    def media_id(self) -> UUID | None:
        """None for a file that is not ours."""
        with suppress(ValueError):
            return UUID(self.path.partition("/")[0])
        return None


def in_folder(folder: str) -> Callable[[], ObjectStore]:
    """Made when it is first needed."""
    return lambda: LocalStore(folder, mkdir=True, automatic_cleanup=True)


def at_url(url: str, options: dict[str, str]) -> Callable[[], ObjectStore]:
    """`options` are obstore's own for such a store, as `endpoint` and `access_key_id` of S3."""
    connection: dict[str, Any] = {
        "timeout": "10s",
        "allow_http": url.startswith("s3") and "endpoint" in options,
    }
    return lambda: from_url(url, client_options=connection, retry_config=_PATIENCE, **options)  # type: ignore[call-overload]


class PictureFiles:
    """A file per variant and coding, written once and never changed."""

    def __init__(self, open_store: Callable[[], ObjectStore]) -> None:
        self._open_store = open_store

    async def keep(self, media_id: MediaId, files: dict[Variant, dict[Coding, bytes]]) -> None:
        with _reachable():
            for variant, codings in files.items():
                for coding, content in codings.items():
                    await obstore.put_async(self._store, _path(media_id, variant, coding), content)

    async def read(self, media_id: MediaId, variant: Variant, coding: Coding) -> bytes | None:
        with _reachable(), suppress(FileNotFoundError):
            found = await obstore.get_async(self._store, _path(media_id, variant, coding))
            return bytes(await found.bytes_async())
        return None

    async def remove(self, media_id: MediaId) -> None:
        await self.remove_files(_path(media_id, variant, coding) for variant in Variant for coding in Coding)

    async def remove_files(self, paths: Iterable[str]) -> None:
        with _reachable():
            for path in paths:
                with suppress(FileNotFoundError):
                    await obstore.delete_async(self._store, path)

    async def list_files(self) -> AsyncIterator[list[Kept]]:
        """All there are, some at a time."""
        with _reachable():
            async for some in obstore.list(self._store, chunk_size=1000):
                yield [Kept(each["path"], each["last_modified"]) for each in some]

    @cached_property
    def _store(self) -> ObjectStore:
        return self._open_store()


@contextmanager
def _reachable() -> Any:
    try:
        yield
    except BaseError as error:
        raise Unavailable("Pictures cannot be kept or shown right now; try again in a moment.") from error


def _path(media_id: MediaId, variant: Variant, coding: Coding) -> str:
    return f"{media_id}/{variant}.{coding}"
