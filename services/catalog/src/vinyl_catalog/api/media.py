"""/media"""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.openapi import ResponseSpec
from litestar.params import FromPath

from vinyl_catalog.api.uploads import FORM_BYTES, PictureOperation, Upload, UploadOperation, provide_upload
from vinyl_catalog.domain.pictures import MOST_BYTES, Coding, Picture, Size, Variant, coding_for
from vinyl_catalog.service.media import MediaService
from vinyl_chassis.identity import Listener
from vinyl_chassis.versions import etag_of
from vinyl_contracts.ids import MediaId

PATH = "/api/v1/media"


class VariantView(msgspec.Struct, frozen=True):
    """In pixels."""

    url: str
    width: int
    height: int

    @classmethod
    def of(cls, media_id: MediaId, variant: Variant, size: Size) -> "VariantView":
        return cls(f"{PATH}/{media_id}/{variant}", size.width, size.height)


class MediaView(msgspec.Struct, frozen=True):
    """`width` and `height` are the upload's own, upright; `color` stands in for it until it is loaded."""

    id: MediaId
    width: int
    height: int
    color: str
    variants: dict[Variant, VariantView]

    @classmethod
    def of(cls, picture: Picture) -> "MediaView":
        variants = {
            variant: VariantView.of(picture.id, variant, picture.variants[variant]) for variant in Variant
        }
        return cls(picture.id, picture.size.width, picture.size.height, picture.color, variants)


class MediaController(Controller):
    path = "/media"
    tags = ("media",)

    @post(
        summary="Upload a picture: JPEG, PNG, WebP, GIF (its first frame) or AVIF",
        dependencies={"upload": Provide(provide_upload)},
        request_max_body_size=MOST_BYTES + FORM_BYTES,
        operation_class=UploadOperation,
        responses={200: ResponseSpec(MediaView, description="The picture that the same bytes became before")},
    )
    async def upload_picture(
        self,
        media: NamedDependency[MediaService],
        listener: NamedDependency[Listener],
        upload: NamedDependency[Upload],
    ) -> Response[MediaView]:
        return _uploaded(*await media.upload_picture(listener, upload))

    @get(
        "/{media_id:str}/{variant:str}",
        summary="A picture, as AVIF where that is accepted, else as WebP",
        operation_class=PictureOperation,
    )
    async def read_picture(
        self,
        request: Request[Any, Any, Any],
        media: NamedDependency[MediaService],
        media_id: FromPath[UUID],
        variant: FromPath[str],
    ) -> Response[bytes]:
        coding = coding_for(request.headers.get("accept", ""))
        return _picture(await media.read_file(MediaId(media_id), variant, coding), media_id, variant, coding)

    @delete("/{media_id:str}", summary="Remove a picture of yours that nothing shows")
    async def remove_picture(
        self,
        media: NamedDependency[MediaService],
        listener: NamedDependency[Listener],
        media_id: FromPath[UUID],
    ) -> None:
        await media.remove_picture(listener, MediaId(media_id))


def _uploaded(picture: Picture, is_new: bool) -> Response[MediaView]:
    headers = {"Location": f"{PATH}/{picture.id}/{Variant.LARGE}"}
    return Response(MediaView.of(picture), status_code=201 if is_new else 200, headers=headers)


def _picture(content: bytes, media_id: UUID, variant: str, coding: Coding) -> Response[bytes]:
    """What an id names never changes, so it may be kept for good."""
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": etag_of(f"{media_id}-{variant}-{coding}"),
        "Vary": "Accept",
        "Content-Disposition": f'inline; filename="{media_id}-{variant}.{coding}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
    }
    return Response(content, media_type=f"image/{coding}", headers=headers)
