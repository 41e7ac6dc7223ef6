"""Dumps at web addresses: of servers that break off, know no ranges, change their files, lead elsewhere."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vinyl_catalog.domain.imports import ImportState
from vinyl_catalog.imports.kinds import UnreadableFile
from vinyl_catalog.imports.remote_files import RemoteFile

CONTENT = bytes(range(256)) * 4000


class Mirror(ThreadingHTTPServer):
    """Serves `content`, breaking each answer off after `breaks` bytes while there are breaks left."""

    content = CONTENT
    breaks: list[int]
    knows_ranges = True
    versions: list[str]
    leads_to: str | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.breaks, self.versions, self.asked = [], [], []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def address(self) -> str:
        return f"http://{self.host}/dump.xml.gz"


class _Answering(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        mirror = self.server
        asked = self.headers.get("Range")
        mirror.asked.append(asked)
        if mirror.leads_to:
            self.send_response(302)
            self.send_header("Location", mirror.leads_to)
            return self.end_headers()
        if self.path != "/dump.xml.gz":
            return self.send_error(404)
        start = int(asked[6:-1]) if asked and mirror.knows_ranges else 0
        rest = mirror.content[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header(
                "Content-Range", f"bytes {start}-{len(mirror.content) - 1}/{len(mirror.content)}"
            )
        self.send_header("Content-Length", str(len(rest)))
        self.send_header("ETag", mirror.versions.pop(0) if mirror.versions else '"one"')
        self.end_headers()
        self.wfile.write(rest[: mirror.breaks.pop(0)] if mirror.breaks else rest)
        return None

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    mirror = Mirror()
    thread = threading.Thread(target=mirror.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield mirror
    mirror.shutdown()
    thread.join()
    mirror.server_close()


def whole(file: RemoteFile) -> bytes:
    with file:
        content = b""
        while chunk := file.read(1 << 20):
            content += chunk
        return content


def test_it_goes_on_where_the_connection_broke(mirror: Mirror) -> None:
    mirror.breaks = [300_000, 200_000]
    assert whole(RemoteFile(mirror.address, None)) == CONTENT
    assert mirror.asked == [None, "bytes=300000-", "bytes=500000-"]


def test_a_server_without_ranges_is_read_once_more(mirror: Mirror) -> None:
    mirror.knows_ranges = False
    mirror.breaks = [300_001]
    assert whole(RemoteFile(mirror.address, None)) == CONTENT


def test_another_file_is_not_mixed_with_the_first(mirror: Mirror) -> None:
    mirror.breaks = [300_000]
    mirror.versions = ['"one"', '"two"']
    with pytest.raises(UnreadableFile, match="changed while it was read"):
        whole(RemoteFile(mirror.address, None))


def test_a_file_that_is_not_there_is_refused(mirror: Mirror) -> None:
    with pytest.raises(UnreadableFile, match="404"):
        RemoteFile(f"http://{mirror.host}/other", None)


@pytest.mark.parametrize(
    "leads_to", ["http://169.254.169.254/latest", "http://127.0.0.1:1/", "file:///etc/passwd"]
)
def test_no_redirect_leads_to_a_host_that_is_not_allowed(mirror: Mirror, leads_to: str) -> None:
    mirror.leads_to = leads_to
    with pytest.raises(UnreadableFile, match="not allowed"):
        RemoteFile(mirror.address, [mirror.host])


def test_redirects_end(mirror: Mirror) -> None:
    mirror.leads_to = mirror.address
    with pytest.raises(UnreadableFile, match="from one to the next"):
        RemoteFile(mirror.address, [mirror.host])


async def test_a_dump_is_imported_from_an_address(mirror: Mirror, take_in, records, connection) -> None:
    written = "".join(records.artist(number, f"Artist {number * 7919}") for number in range(1, 3001))
    mirror.content = gzip.compress(f"<artists>{written}</artists>".encode())
    mirror.breaks = [len(mirror.content) // 2]
    done = await take_in(mirror.address)
    assert (done.state, done.error, done.total("imported")) == (ImportState.DONE, None, 3000)
    assert done.bytes_total == done.total("bytes_read") == len(mirror.content)
    assert await connection.fetchval("select count(*) from artists") == 3000
