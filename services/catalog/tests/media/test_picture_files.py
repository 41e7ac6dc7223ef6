"""Pictures in a store that speaks like S3, over HTTP."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from vinyl_catalog.domain.pictures import Coding, Variant
from vinyl_catalog.media.picture_files import PictureFiles, at_url
from vinyl_contracts.errors import Unavailable
from vinyl_contracts.ids import MediaId, new_id

FILES = {variant: {coding: f"{variant} {coding}".encode() for coding in Coding} for variant in Variant}


class Bucket(ThreadingHTTPServer):
    """The part of S3's REST interface that pictures need: objects by path, and a list of them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.objects: dict[str, bytes] = {}
        self.signers: set[str] = set()
        self.is_sick = False


class Answering(BaseHTTPRequestHandler):
    server: Bucket
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.signers.add(self.headers["Authorization"].partition("/")[0])
        self.server.objects[self.key] = body
        self.answer(200, etag='"1"')

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            self.answer(200, self.listing(query.get("prefix", [""])[0]))
        elif self.key in self.server.objects:
            self.answer(200, self.server.objects[self.key], etag='"1"')
        else:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_POST(self) -> None:
        """The removal of many at once."""
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        removed = [
            key for key in re.findall(r"<Key>(.*?)</Key>", asked) if self.server.objects.pop(key, None)
        ]
        told = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in removed)
        self.answer(200, f"<DeleteResult>{told}</DeleteResult>".encode())

    @property
    def key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/records/")

    def listing(self, prefix: str) -> bytes:
        found = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
            f"<ETag>1</ETag><Size>{len(body)}</Size></Contents>"
            for key, body in sorted(self.server.objects.items())
            if key.startswith(prefix)
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(503 if self.server.is_sick else status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        return


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with Bucket() as bucket:
        serving = threading.Thread(target=bucket.serve_forever, args=(0.05,), daemon=True)
        serving.start()
        yield bucket
        bucket.shutdown()
        serving.join()


@pytest.fixture
def files(bucket: Bucket) -> PictureFiles:
    options = {
        "endpoint": f"http://127.0.0.1:{bucket.server_port}",
        "region": "eu-north-1",
        "access_key_id": "ours",
        "secret_access_key": "only for this test",
    }
    return PictureFiles(at_url("s3://records/pictures", options))


async def test_files_are_kept_read_listed_and_removed(bucket: Bucket, files: PictureFiles) -> None:
    media_id = MediaId(new_id())
    await files.keep(media_id, FILES)
    assert f"pictures/{media_id}/thumb.webp" in bucket.objects
    assert bucket.signers == {"AWS4-HMAC-SHA256 Credential=ours"}
    assert await files.read(media_id, Variant.SMALL, Coding.AVIF) == b"small avif"
    assert await files.read(MediaId(new_id()), Variant.SMALL, Coding.AVIF) is None
    listed = [file async for some in files.list_files() for file in some]
    assert len(listed) == 6
    assert {file.media_id for file in listed} == {media_id}
    await files.remove(media_id)
    assert not bucket.objects


async def test_a_store_that_is_away_is_unavailable(bucket: Bucket, files: PictureFiles) -> None:
    bucket.is_sick = True
    with pytest.raises(Unavailable):
        await files.read(MediaId(new_id()), Variant.SMALL, Coding.AVIF)
