"""The built web app at `/`: its files, its one page, and the fences around them."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import httpx
import pytest

PAGE = b"<!doctype html><title>Vinylhound</title>"
SCRIPT = b"export const x = 1;" * 200
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def web_root(tmp_path: Path) -> Path:
    root = tmp_path / "dist"
    (root / "_app/immutable/entry").mkdir(parents=True)
    (root / "index.html").write_bytes(PAGE)
    (root / "_app/immutable/entry/start.BX7a9_k2.js").write_bytes(SCRIPT)
    (root / "_app/immutable/entry/start.BX7a9_k2.js.br").write_bytes(b"brotli, for all we know")
    (root / "_app/version.json").write_bytes(b'{"version":"1"}')
    (root / "style.css").write_bytes(b"body{}" * 500)
    (root / ".built-from").write_text("a fingerprint")
    (tmp_path / "secret.txt").write_text("outside")
    return root


@pytest.fixture
async def browser(gateways: Any, web_root: Path):
    address = await gateways(web_root=str(web_root))
    async with httpx.AsyncClient(base_url=address, headers=BROWSER) as client:
        yield client


async def test_the_page_comes_at_the_root_and_for_the_apps_own_paths(browser: httpx.AsyncClient) -> None:
    for path in ("/", "/albums/0190", "/searches", "/users/ada", "/index.html"):
        said = await browser.get(path)
        assert (said.status_code, said.content) == (200, PAGE), path
        assert said.headers["content-type"] == "text/html; charset=utf-8"
        assert said.headers["cache-control"] == "no-cache"


async def test_pages_are_fenced_in(browser: httpx.AsyncClient) -> None:
    said = await browser.get("/")
    policy = said.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "'unsafe-eval'" not in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy
    assert "frame-ancestors 'none'" in policy
    assert said.headers["x-content-type-options"] == "nosniff"
    assert "x-request-id" in said.headers


async def test_hashed_files_are_kept_for_ever_and_come_compressed(browser: httpx.AsyncClient) -> None:
    path = "/_app/immutable/entry/start.BX7a9_k2.js"
    said = await browser.get(path, headers={"Accept-Encoding": "identity"})
    assert said.content == SCRIPT
    assert said.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert said.headers["content-type"].startswith("text/javascript")
    async with browser.stream("GET", path, headers={"Accept-Encoding": "gzip, br"}) as packed:
        assert packed.headers["content-encoding"] == "br"
        assert b"".join([part async for part in packed.aiter_raw()]) == b"brotli, for all we know"
    assert packed.headers["etag"] != said.headers["etag"]
    plain = await browser.get(path, headers={"Accept-Encoding": "br;q=0"})
    assert "content-encoding" not in plain.headers


async def test_what_was_built_uncompressed_is_compressed_once_here(browser: httpx.AsyncClient) -> None:
    async with browser.stream("GET", "/style.css", headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join([part async for part in packed.aiter_raw()])) == b"body{}" * 500
    assert (await browser.get("/_app/version.json")).headers["cache-control"] == "no-cache"


async def test_a_browser_that_has_the_file_is_spared_it(browser: httpx.AsyncClient) -> None:
    first = await browser.get("/")
    again = await browser.get("/", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_head_has_the_headers_and_other_methods_are_refused(browser: httpx.AsyncClient) -> None:
    said = await browser.head("/")
    assert (said.status_code, said.headers["content-length"]) == (200, str(len(PAGE)))
    refused = await browser.post("/albums")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


async def test_what_is_missing_is_a_404_unless_a_browser_goes_there(browser: httpx.AsyncClient) -> None:
    for path in ("/missing.js", "/_app/immutable/gone.js", "/.built-from", "/.env", "/.git/config"):
        said = await browser.get(path)
        assert (said.status_code, said.json()["code"]) == (404, "route_not_found"), path
    said = await browser.get("/albums", headers={"Accept": "application/json"})
    assert said.status_code == 404


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//secret.txt"])
async def test_nothing_outside_of_the_folder_is_shown(browser: httpx.AsyncClient, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", browser.base_url.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\n\r\n".encode())
    said = await reader.read()
    writer.close()
    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"outside" not in said


async def test_a_link_out_of_the_folder_is_not_followed(gateways: Any, web_root: Path) -> None:
    (web_root / "link.txt").symlink_to(web_root.parent / "secret.txt")
    address = await gateways(web_root=str(web_root))
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{address}/link.txt")).status_code == 404


async def test_a_new_build_is_shown_at_once(browser: httpx.AsyncClient, web_root: Path) -> None:
    assert (await browser.get("/")).content == PAGE
    (web_root / "fresh.css").write_text("p{}")
    (web_root / "index.new").write_bytes(b"<!doctype html>new")
    (web_root / "index.new").replace(web_root / "index.html")
    assert (await browser.get("/")).content == b"<!doctype html>new"
    assert (await browser.get("/fresh.css")).content == b"p{}"


async def test_without_a_build_the_page_says_how_to_make_one(gateways: Any, tmp_path: Path) -> None:
    for root in ("", str(tmp_path / "not-there")):
        address = await gateways(web_root=root)
        async with httpx.AsyncClient(base_url=address, headers=BROWSER) as client:
            for path in ("/", "/albums/1"):
                said = await client.get(path)
                assert said.status_code == 200
                assert "make dev" in said.text
                assert "script" not in said.text
