"""Making a picture anew: `python -m vinyl_catalog.media.encoding`, a process that has nothing to lose.

Reads an upload from standard input and writes an Encoded, or a Refused, as MessagePack to standard output.
"""

import resource
import sys
from contextlib import suppress
from io import BytesIO

import msgspec
from PIL import Image, ImageCms, ImageOps

from vinyl_catalog.domain.pictures import LONGEST_SIDES, MOST_PIXELS, Coding, Encoded, Size, Variant

MOST_MEMORY_BYTES = 1536 * 1024 * 1024
MOST_PROCESSOR_SECONDS = 15
_TAKEN = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
_LARGEST = (LONGEST_SIDES[Variant.LARGE],) * 2
_SIDEWAYS = range(5, 9)
_ORIENTATION = 0x0112
_OPTIONS: dict[Coding, dict[str, int]] = {
    Coding.WEBP: {"quality": 80, "method": 4},
    Coding.AVIF: {"quality": 60, "speed": 9, "max_threads": 1},
}


class Refused(msgspec.Struct, frozen=True, tag=True):
    reason: str


class Made(msgspec.Struct, frozen=True, tag=True):
    encoded: Encoded


def make_anew(upload: bytes) -> Made | Refused:
    """Nothing is decoded before the header's size is known; nothing but pixels is carried over."""
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(BytesIO(upload), formats=_TAKEN) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return Refused(f"has {opened.width} x {opened.height} pixels, and 25 million are the most")
            return Made(_encode(opened))
    except Exception:
        # decoders fail in every way there is; to the person all of them are one
        return Refused("is not a whole JPEG, PNG, WebP, GIF or AVIF picture")


def _encode(opened: Image.Image) -> Encoded:
    size = _upright_size(opened)
    opened.draft("RGB", _LARGEST)
    picture = _plain(opened)
    variants: dict[Variant, Size] = {}
    files: dict[Variant, dict[Coding, bytes]] = {}
    for variant, longest in LONGEST_SIDES.items():
        picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        variants[variant] = Size(picture.width, picture.height)
        files[variant] = {coding: _written(picture, coding) for coding in Coding}
    return Encoded(size, _color(picture), variants, files)


def _upright_size(opened: Image.Image) -> Size:
    if opened.getexif().get(_ORIENTATION) in _SIDEWAYS:
        return Size(opened.height, opened.width)
    return Size(opened.width, opened.height)


def _plain(opened: Image.Image) -> Image.Image:
    """Upright, at most as large as the largest variant, in sRGB, without anything else in the file."""
    profile = opened.info.get("icc_profile")
    clear = opened.has_transparency_data
    picture: Image.Image = opened
    if opened.mode.startswith("I"):
        picture = opened.point(lambda value: value * (1 / 256)).convert("L")
    elif opened.mode not in ("RGB", "L", "CMYK"):
        picture = opened.convert("RGBA" if clear else "RGB")
    picture.thumbnail(_LARGEST, Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture = ImageOps.exif_transpose(picture)
    picture = _in_srgb(picture, profile) if profile else picture
    picture = picture.convert("RGBA" if clear else "RGB")
    plain = Image.new(picture.mode, picture.size)
    plain.paste(picture)
    return plain


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """As it is where its profile is broken, or is of another kind of picture."""
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        made = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return picture
    return made or picture


def _color(thumb: Image.Image) -> str:
    few = thumb.convert("RGB").quantize(8)
    most = few.histogram().index(max(few.histogram()))
    red, green, blue = (few.getpalette() or [])[most * 3 : most * 3 + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _written(picture: Image.Image, coding: Coding) -> bytes:
    file = BytesIO()
    picture.save(file, coding.value, **_OPTIONS[coding])
    return file.getvalue()


def _confine() -> None:
    # macOS knows the limit of memory but does not let it be set
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_PROCESSOR_SECONDS, MOST_PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _confine()
    sys.stdout.buffer.write(msgspec.msgpack.encode(make_anew(sys.stdin.buffer.read())))
