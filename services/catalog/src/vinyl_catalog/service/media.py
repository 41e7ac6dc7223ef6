"""What people do with pictures, and the clearing of files that no row names."""

import asyncio
from datetime import timedelta
from hashlib import sha256

import structlog

from vinyl_catalog.domain.pictures import MOST_PICTURES, Coding, Picture, Variant
from vinyl_catalog.domain.refusals import MediaNotFound, PictureInUse, TooManyPictures
from vinyl_catalog.media.encoder import Encoder
from vinyl_catalog.media.picture_files import PictureFiles
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_contracts.ids import MediaId, new_id

ABANDONED_AFTER = timedelta(hours=1)
CLEARING_SECONDS = 3600.0
_log = structlog.get_logger("media")


class MediaService:
    def __init__(self, store: Store, encoder: Encoder, files: PictureFiles) -> None:
        self._store = store
        self._encoder = encoder
        self._files = files

    async def upload_picture(self, listener: Listener, upload: bytes) -> tuple[Picture, bool]:
        """The picture, and whether it is new: the same bytes again are the picture that they became.

        Its files are there before its row is. Raises InvalidImage, TooManyPictures and Unavailable.
        """
        source_hash = sha256(upload).digest()
        async with self._store.begin() as unit:
            known = await unit.media.find_upload(listener.id, source_hash)
            if known is not None:
                return known, False
            if await unit.media.count_of(listener.id) >= MOST_PICTURES:
                raise TooManyPictures
        encoded = await self._encoder.make_anew(upload)
        picture = Picture(
            id=MediaId(new_id()),
            owner_id=listener.id,
            source_hash=source_hash,
            size=encoded.size,
            color=encoded.color,
            variants=encoded.variants,
            created_at=now(),
        )
        await self._files.keep(picture.id, encoded.files)
        async with self._store.begin() as unit:
            if await unit.media.add(picture):
                return picture, True
            first = await unit.media.find_upload(listener.id, source_hash)
        await self._files.remove(picture.id)
        if first is None:
            raise MediaNotFound
        return first, False

    async def read_file(self, media_id: MediaId, variant: str, coding: Coding) -> bytes:
        if variant not in set(Variant):
            raise MediaNotFound
        content = await self._files.read(media_id, Variant(variant), coding)
        if content is None:
            raise MediaNotFound
        return content

    async def remove_picture(self, listener: Listener, media_id: MediaId) -> None:
        """Raises MediaNotFound for another's, and PictureInUse.

        Its row goes first: files without one are cleared away.
        """
        async with self._store.begin() as unit:
            if not await unit.media.lock(listener.id, media_id):
                raise MediaNotFound
            is_worn = await unit.members.wears(listener.id, media_id)
            if is_worn or await unit.products.uses(media_id):
                raise PictureInUse
            await unit.media.remove(media_id)
        await self._files.remove(media_id)

    async def keep_clear(self) -> None:
        while True:
            await self.clear_abandoned()
            await asyncio.sleep(CLEARING_SECONDS)

    async def clear_abandoned(self) -> None:
        """Files of uploads that never came to a row, or whose removal broke off."""
        before = now() - ABANDONED_AFTER
        async for some in self._files.list_files():
            old = [file for file in some if file.last_modified < before and file.media_id]
            async with self._store.begin() as unit:
                known = await unit.media.find_all(file.media_id for file in old if file.media_id)
            lost = [file.path for file in old if file.media_id not in known]
            await self._files.remove_files(lost)
            if lost:
                _log.info("abandoned_files_removed", files=len(lost))
