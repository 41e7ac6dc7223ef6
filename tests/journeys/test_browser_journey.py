"""The main job as a person does it: the web app in a real browser, on the whole of Vinylhound."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from vinyl_devstack.process_group import ProcessGroup
from vinyl_devstack.stack import Stack
from vinyl_devstack.web_build import WEB, WebBuild, npm

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
APPLICATIONS = ("Google Chrome", "Chromium", "Microsoft Edge")


@pytest.fixture(scope="module")
def browser() -> str:
    """The path of a Chromium there is: CHROME_PATH, on the PATH, or among a Mac's applications."""
    installed = [Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in APPLICATIONS]
    found = [shutil.which(name) for name in (os.environ.get("CHROME_PATH", ""), *NAMES) if name]
    candidates = [*filter(None, found), *(str(path) for path in installed if path.exists())]
    if not candidates:
        pytest.skip("no Chromium or Chrome here: install one, or name it by CHROME_PATH")
    return candidates[0]


@pytest.fixture(scope="module")
def web_app(browser: str) -> Iterator[None]:
    """The web app as it is in the sources, built where it was not."""
    group = ProcessGroup()
    try:
        WebBuild(group).run()
        yield
    finally:
        group.close()


def walk(gateway_url: str, browser: str, title: str, seller: str) -> dict[str, Any]:
    """What the journey of web/tests/journey saw."""
    command, path = npm()
    environment = os.environ | {"PATH": os.pathsep.join([*path, os.environ["PATH"]])}
    finished = subprocess.run(
        [*command, "run", "--silent", "journey", "--", gateway_url, browser, title, seller],
        cwd=WEB,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    seen: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return seen


@pytest.mark.usefixtures("web_app")
def test_a_collector_finds_wants_buys_and_rates_in_the_browser(stocked: Stack, browser: str) -> None:
    seen = walk(stocked.gateway_url, browser, "Ballad Of The Run-Out Groove", "second-spin")
    copy = seen["copy"]
    assert copy["wanted"] is True
    assert copy["condition"].removeprefix("Record ") in ("M", "NM", "VG+", "VG", "G+", "G", "F", "P")
    assert any(sign.isdigit() for sign in copy["price"])
    assert copy["landed"].startswith("€")
    assert copy["link"].startswith("http")
    assert seen["complaints"] == []
    assert comes_to_show(stocked.gateway_url, seen["albumId"], seen["average"])


def comes_to_show(gateway_url: str, album_id: str, average: str) -> bool:
    """Whether the catalogue tells the same average once it has heard of the rating."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        rating = httpx.get(f"{gateway_url}/api/v1/albums/{album_id}").json()["rating"]
        if rating["count"] and f"{rating['average']:.1f}" == average:
            return True
        time.sleep(0.05)
    return False
