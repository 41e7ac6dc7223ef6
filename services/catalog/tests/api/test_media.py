"""/media: uploads by form and by body, and what is shown of them."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import asyncpg
import httpx
import pytest
from PIL import Image

from vinyl_catalog.app import create_app
from vinyl_catalog.domain.pictures import MOST_BYTES
from vinyl_catalog.media.encoder import Encoder
from vinyl_catalog.media.picture_files import PictureFiles, in_folder
from vinyl_catalog.service import media as clearing
from vinyl_catalog.service.media import MediaService
from vinyl_catalog.settings import Settings
from vinyl_catalog.store.unit_of_work import Store
from vinyl_contracts.ids import new_id

MEDIA = "/api/v1/media"
Headers = dict[str, str]


def picture(kind: str = "PNG", colour: str = "teal", size: tuple[int, int] = (600, 300)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


@pytest.fixture
def as_ada(token_for: Callable[..., str]) -> Headers:
    return {"Authorization": f"Bearer {token_for('ada')}"}


@pytest.fixture
def as_bob(token_for: Callable[..., str]) -> Headers:
    return {"Authorization": f"Bearer {token_for('bob')}"}


async def test_an_upload_is_shown_in_every_size(client: httpx.AsyncClient, as_ada: Headers) -> None:
    sent = await client.post(MEDIA, files={"file": ("../../etc/passwd.php", picture())}, headers=as_ada)
    assert sent.status_code == 201, sent.text
    shown = sent.json()
    assert (shown["width"], shown["height"], shown["color"]) == (600, 300, "#008080")
    assert {name: (each["width"], each["height"]) for name, each in shown["variants"].items()} == {
        "large": (600, 300),
        "small": (480, 240),
        "thumb": (160, 80),
    }
    assert sent.headers["location"] == shown["variants"]["large"]["url"]
    for accept, kind in (("image/avif,*/*", "image/avif"), ("*/*", "image/webp")):
        answer = await client.get(shown["variants"]["thumb"]["url"], headers={"Accept": accept})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == kind
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert Image.open(BytesIO(answer.content)).size == (160, 80)
        known = {"Accept": accept, "If-None-Match": answer.headers["etag"]}
        assert (await client.get(shown["variants"]["thumb"]["url"], headers=known)).status_code == 304
        other = {"Accept": "image/avif" if kind == "image/webp" else "*/*"} | {
            "If-None-Match": answer.headers["etag"]
        }
        assert (await client.get(shown["variants"]["thumb"]["url"], headers=other)).status_code == 200


async def test_a_picture_may_be_the_body_itself(client: httpx.AsyncClient, as_ada: Headers) -> None:
    kind = {"Content-Type": "image/gif"}
    # its content says what it is, whatever it is called
    sent = await client.post(MEDIA, content=picture("JPEG"), headers=as_ada | kind)
    assert sent.status_code == 201, sent.text


async def test_the_same_upload_is_kept_once_for_its_owner(
    client: httpx.AsyncClient, as_ada: Headers, as_bob: Headers, tmp_path: Path
) -> None:
    same = {"files": {"file": ("a.png", picture())}}
    racing = await asyncio.gather(*(client.post(MEDIA, **same, headers=as_ada) for _ in range(4)))
    assert sorted(answer.status_code for answer in racing) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in racing}) == 1
    another = await client.post(MEDIA, **same, headers=as_bob)
    assert another.status_code == 201
    assert another.json()["id"] != racing[0].json()["id"]
    assert len(list((tmp_path / "media").iterdir())) == 2


async def test_an_idempotency_key_is_honoured(client: httpx.AsyncClient, as_ada: Headers) -> None:
    key = as_ada | {"Idempotency-Key": "once", "Content-Type": "image/png"}
    first = await client.post(MEDIA, content=picture(), headers=key)
    again = await client.post(MEDIA, content=picture(), headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = await client.post(MEDIA, content=picture(colour="red"), headers=key)
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("kind", "body", "status", "code"),
    [
        ("image/png", b"nothing of the kind", 400, "invalid_image"),
        ("image/png", b"", 400, "invalid_image"),
        ("image/png", picture()[:200], 400, "invalid_image"),
        ("image/svg+xml", b"<svg onload='alert(1)'/>", 400, "invalid_image"),
        ("text/html", picture(), 415, "unsupported_media_type"),
        ("application/json", b"{}", 415, "unsupported_media_type"),
        ("", picture(), 415, "unsupported_media_type"),
        ("multipart/form-data", picture(), 400, "invalid_input"),
        ("multipart/form-data; boundary=x", b"", 400, "invalid_input"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n", 400, "invalid_input"),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x", 400, "invalid_input"),
        ("multipart/form-data; boundary=\xe9", b"--\xe9", 400, "invalid_input"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nno file\r\n--x--\r\n',
            400,
            "invalid_input",
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="\xff\xfe"\r\n\r\nxx\r\n--x--\r\n',
            400,
            "invalid_input",
        ),
        ("image/png", b"0" * (MOST_BYTES + 1), 413, "too_large"),
        ("image/png", b"0" * (MOST_BYTES + 70_000), 413, "too_large"),
    ],
    ids=range(16),
)
async def test_what_is_no_picture_is_refused(
    client: httpx.AsyncClient, as_ada: Headers, kind: str, body: bytes, status: int, code: str
) -> None:
    answer = await client.post(MEDIA, content=body, headers=as_ada | {"Content-Type": kind.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_who_is_not_signed_in_uploads_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.post(MEDIA, content=b"x" * 2_000_000)).status_code == 401


@pytest.mark.parametrize(
    "path", [f"{new_id()}/thumb", f"{new_id()}/poster", "no-id/thumb", "..%2f..%2f/thumb"]
)
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"{MEDIA}/{path}")
    assert answer.status_code == 404, answer.text


async def test_only_its_owner_removes_a_picture(
    client: httpx.AsyncClient, as_ada: Headers, as_bob: Headers, tmp_path: Path
) -> None:
    sent = (
        await client.post(MEDIA, content=picture(), headers=as_ada | {"Content-Type": "image/png"})
    ).json()
    path = f"{MEDIA}/{sent['id']}"
    assert (await client.delete(path, headers=as_bob)).status_code == 404
    assert (await client.delete(path, headers=as_ada)).status_code == 204
    assert (await client.delete(path, headers=as_ada)).status_code == 404
    assert (await client.get(f"{path}/thumb")).status_code == 404
    assert not [file for file in (tmp_path / "media").rglob("*") if file.is_file()]


async def test_files_without_a_row_are_cleared_away(
    client: httpx.AsyncClient,
    as_ada: Headers,
    store: Store,
    tmp_path: Path,
    connection: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost, kept = [
        (
            await client.post(
                MEDIA, content=picture(colour=colour), headers=as_ada | {"Content-Type": "image/png"}
            )
        )
        for colour in ("red", "blue")
    ]
    await connection.execute("delete from media where id = $1", lost.json()["id"])
    foreign = tmp_path / "media" / "readme.txt"
    foreign.write_text("not ours")
    media = MediaService(store, Encoder(1), PictureFiles(in_folder(str(tmp_path / "media"))))
    await media.clear_abandoned()
    assert (await client.get(lost.headers["location"])).status_code == 200
    monkeypatch.setattr(clearing, "ABANDONED_AFTER", timedelta(0))
    await media.clear_abandoned()
    assert (await client.get(lost.headers["location"])).status_code == 404
    assert (await client.get(kept.headers["location"])).status_code == 200
    assert foreign.exists()


def test_the_document_tells_of_bodies_that_no_struct_describes(settings: Settings) -> None:
    paths = create_app(settings).openapi_schema.to_schema()["paths"]
    assert set(paths[MEDIA]["post"]["requestBody"]["content"]) == {"multipart/form-data", "image/*"}
    assert {"200", "201"} <= set(paths[MEDIA]["post"]["responses"])
    shown = paths[MEDIA + "/{media_id}/{variant}"]["get"]["responses"]["200"]
    assert set(shown["content"]) == {"image/webp", "image/avif"}
