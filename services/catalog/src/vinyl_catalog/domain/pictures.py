"""Pictures that people upload: what is taken, and in which sizes it is shown."""

import enum
from datetime import datetime

import msgspec

from vinyl_contracts.ids import MediaId, UserId

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 25_000_000
MOST_PICTURES = 2_000


class Variant(enum.StrEnum):
    THUMB = "thumb"
    SMALL = "small"
    LARGE = "large"


class Coding(enum.StrEnum):
    WEBP = "webp"
    AVIF = "avif"


# Pixels of the longer side, at most: nothing is enlarged.
LONGEST_SIDES = {Variant.LARGE: 1600, Variant.SMALL: 480, Variant.THUMB: 160}


class Size(msgspec.Struct, frozen=True):
    """In pixels."""

    width: int
    height: int


class Encoded(msgspec.Struct, frozen=True):
    """An upload made anew: `size` is its own, turned upright; `color` the one most of it has, "#rrggbb"."""

    size: Size
    color: str
    variants: dict[Variant, Size]
    files: dict[Variant, dict[Coding, bytes]]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """`source_hash` is of the bytes that were uploaded, so that the same come in once per owner."""

    id: MediaId
    owner_id: UserId
    source_hash: bytes
    size: Size
    color: str
    variants: dict[Variant, Size]
    created_at: datetime


def coding_for(accept: str) -> Coding:
    """AVIF for whoever names it as acceptable, as browsers do; WebP for everybody else."""
    for offer in accept.lower().split(","):
        kind, *parameters = [part.strip() for part in offer.split(";")]
        if kind == "image/avif":
            refused = any(each.startswith("q=0") and not each.strip("q=0.") for each in parameters)
            return Coding.WEBP if refused else Coding.AVIF
    return Coding.WEBP
