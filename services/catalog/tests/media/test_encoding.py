"""What becomes of an upload, and what is refused before it is decoded."""

import asyncio
import os
import signal
import struct
import sys
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from vinyl_catalog.domain.pictures import Coding, Encoded, Size, Variant, coding_for
from vinyl_catalog.domain.refusals import InvalidImage
from vinyl_catalog.media.encoder import MOST_WAITING, Encoder
from vinyl_catalog.media.encoding import Refused, make_anew
from vinyl_contracts.errors import Unavailable

BLUE, RED = (20, 40, 200), (230, 30, 20)


def written(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def shown(encoded: Encoded, variant: Variant = Variant.LARGE, coding: Coding = Coding.WEBP) -> Image.Image:
    return Image.open(BytesIO(encoded.files[variant][coding]))


def made(upload: bytes) -> Encoded:
    """Raises InvalidImage."""
    answer = make_anew(upload)
    if isinstance(answer, Refused):
        raise InvalidImage(answer.reason)
    return answer.encoded


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises as many pixels and holds next to none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_every_kind_becomes_all_variants(kind: str) -> None:
    encoded = made(written(Image.new("RGB", (2000, 1000), BLUE), kind))
    assert encoded.size == Size(2000, 1000)
    assert encoded.variants == {
        Variant.LARGE: Size(1600, 800),
        Variant.SMALL: Size(480, 240),
        Variant.THUMB: Size(160, 80),
    }
    for variant, size in encoded.variants.items():
        for coding in Coding:
            picture = shown(encoded, variant, coding)
            assert (picture.format, picture.size) == (coding.upper(), (size.width, size.height))
    assert max(abs(a - b) for a, b in zip(bytes.fromhex(encoded.color[1:]), BLUE, strict=True)) < 12


def test_a_small_picture_is_not_enlarged_and_keeps_its_clearness() -> None:
    encoded = made(written(Image.new("RGBA", (30, 20), (*RED, 0)), "PNG"))
    assert set(encoded.variants.values()) == {Size(30, 20)}
    assert shown(encoded).mode == "RGBA"
    assert shown(encoded).getpixel((5, 5))[3] == 0


def test_only_the_first_frame_is_shown() -> None:
    frames = [Image.new("P", (40, 40), colour) for colour in (1, 2, 3)]
    frames[0].putpalette([0, 0, 0, *RED, *BLUE, 9, 9, 9])
    encoded = made(written(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50))
    assert getattr(shown(encoded), "n_frames", 1) == 1
    assert shown(encoded).getpixel((20, 20))[0] > 200


def test_it_is_turned_upright_and_says_nothing_else() -> None:
    picture = Image.new("RGB", (400, 100), BLUE)
    picture.paste(RED, (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = 6, "A camera", {1: "N", 2: (59.0, 54.0, 0.0)}
    comments = {"comment": b"taken at home"}
    encoded = made(written(picture, "JPEG", exif=exif, quality=95, **comments))
    assert encoded.size == Size(100, 400)
    upright = shown(encoded)
    assert upright.size == (100, 400)
    assert upright.getpixel((50, 20))[0] > 200
    assert upright.getpixel((50, 350))[0] < 100
    for files in encoded.files.values():
        for content in files.values():
            assert not Image.open(BytesIO(content)).getexif()
            assert not any(each in content for each in (b"Exif", b"A camera", b"taken at home", b"<?xpacket"))


def test_texts_and_profiles_are_left_behind() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Somebody")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    upload = written(Image.new("RGB", (50, 50), BLUE), "PNG", pnginfo=texts, icc_profile=profile)
    encoded = made(upload)
    picture = shown(encoded)
    assert "icc_profile" not in picture.info
    assert b"Somebody" not in encoded.files[Variant.LARGE][Coding.WEBP]
    assert abs(picture.convert("RGB").getpixel((25, 25))[2] - 200) < 12


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_every_mode_of_pixels_is_taken(mode: str) -> None:
    upload = written(Image.new(mode, (60, 40)), "JPEG" if mode == "CMYK" else "PNG")
    assert made(upload).size == Size(60, 40)


def test_sixteen_bits_of_grey_are_as_bright_in_eight() -> None:
    picture = shown(made(written(Image.new("I;16", (20, 20), 128 * 256), "PNG")))
    assert abs(picture.convert("L").getpixel((9, 9)) - 128) < 3


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        png_header(100, 100),
        written(Image.effect_noise((300, 300), 50), "JPEG")[:5000],
        written(Image.effect_noise((300, 300), 50), "PNG")[:5000],
        written(Image.effect_noise((300, 300), 50).convert("RGB"), "WEBP")[:5000],
        written(Image.effect_noise((300, 300), 50).convert("RGB"), "AVIF")[:3000],
        written(Image.new("RGB", (10, 10)), "BMP"),
    ],
    ids=["nothing", "text", "svg", "postscript", "hollow png", "jpeg", "png", "webp", "avif", "bmp"],
)
def test_what_is_no_whole_picture_is_refused(upload: bytes) -> None:
    with pytest.raises(InvalidImage) as refusal:
        made(upload)
    assert refusal.value.code == "invalid_image"


@pytest.mark.parametrize(("width", "height"), [(5001, 5000), (100_000, 100_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(width: int, height: int) -> None:
    with pytest.raises(InvalidImage) as refusal:
        made(png_header(width, height))
    assert f"{width} x {height}" in refusal.value.detail


async def test_canvases_far_larger_than_their_frames_are_refused() -> None:
    dot = written(Image.new("RGB", (1, 1)), "GIF")
    gif = dot[:6] + struct.pack("<HH", 65_535, 65_535) + dot[10:]
    frame = written(Image.new("RGB", (1, 1)), "WEBP")[12:]
    canvas = struct.pack("<I", 16_382)[:3] * 2
    chunks = b"VP8X" + struct.pack("<I", 10) + b"\0" * 4 + canvas + frame
    webp = b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks
    for upload in (gif, webp):
        with pytest.raises(InvalidImage):
            await Encoder(1).make_anew(upload)


async def test_the_largest_that_is_taken_fits_into_its_bounds() -> None:
    upload = written(Image.new("RGBA", (5000, 5000), (*RED, 128)), "PNG")
    encoded = await Encoder(1).make_anew(upload)
    assert encoded.variants[Variant.LARGE] == Size(1600, 1600)


async def test_a_decoder_that_dies_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VINYL_CATALOG_DATABASE_URL", "secret")
    encoder = Encoder(1)
    upload = written(Image.effect_noise((3000, 3000), 50).convert("RGB"), "PNG", compress_level=1)
    encoding = asyncio.create_task(encoder.make_anew(upload))
    while (decoder := decoder_at_work()) is None:
        await asyncio.sleep(0.01)
    assert b"secret" not in (decoder / "environ").read_bytes()
    os.kill(int(decoder.name), signal.SIGSEGV)
    with pytest.raises(InvalidImage):
        await encoding
    assert (await encoder.make_anew(written(Image.new("RGB", (9, 9)), "PNG"))).size == Size(9, 9)


def decoder_at_work() -> Path | None:
    """The process of it, among those of this one."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    folders = [Path(f"/proc/{child}") for child in children]
    return next((each for each in folders if b"media.encoding" in (each / "cmdline").read_bytes()), None)


async def test_too_many_at_once_are_asked_to_wait() -> None:
    encoder = Encoder(1)
    upload = written(Image.new("RGB", (9, 9)), "PNG")
    outcomes = await asyncio.gather(
        *(encoder.make_anew(upload) for _ in range(MOST_WAITING + 3)), return_exceptions=True
    )
    refused = [each for each in outcomes if isinstance(each, Unavailable)]
    assert (len(refused), len(outcomes) - len(refused)) == (3, MOST_WAITING)


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("", Coding.WEBP),
        ("*/*", Coding.WEBP),
        ("image/avif,image/webp,*/*;q=0.8", Coding.AVIF),
        ("image/webp, image/avif;q=0.5", Coding.AVIF),
        ("image/avif;q=0, image/webp", Coding.WEBP),
        ("image/avif;q=0.0", Coding.WEBP),
        ("image/avif;q=0.01", Coding.AVIF),
    ],
)
def test_avif_is_for_who_names_it(accept: str, coding: Coding) -> None:
    assert coding_for(accept) is coding


async def test_a_decoder_is_held_to_its_memory() -> None:
    code = "from vinyl_catalog.media import encoding; encoding._confine(); bytearray(2 * 1024**3)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", code, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert b"MemoryError" in said
