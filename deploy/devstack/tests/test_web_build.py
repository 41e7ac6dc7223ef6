"""The web app is built when its sources changed, and only then."""

import json
import stat
from pathlib import Path

import pytest

from vinyl_devstack.process_group import ProcessGroup
from vinyl_devstack.web_build import WebBuild, WebBuildFailed, is_new_enough

COPY = "node -e \"const f = require('fs'); f.mkdirSync('dist', {recursive: true}); \
f.copyFileSync('page.html', 'dist/index.html'); f.appendFileSync('dist/runs', '.')\""


@pytest.fixture
def web(tmp_path: Path) -> Path:
    (tmp_path / "package.json").write_text(
        json.dumps({"name": "page", "version": "1.0.0", "scripts": {"build": COPY}})
    )
    (tmp_path / "package-lock.json").write_text(
        json.dumps({"name": "page", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {}}})
    )
    (tmp_path / "page.html").write_text("side one")
    return tmp_path


def test_it_is_built_once_for_the_same_sources(web: Path, process_group: ProcessGroup) -> None:
    first = WebBuild(process_group, web)
    assert not first.is_current()
    first.run()
    assert (web / "dist" / "index.html").read_text() == "side one"
    second = WebBuild(process_group, web)
    assert second.is_current()
    second.run()
    assert (web / "dist" / "runs").read_text() == "."


def test_a_changed_source_is_built_again(web: Path, process_group: ProcessGroup) -> None:
    WebBuild(process_group, web).run()
    (web / "page.html").write_text("side two")
    build = WebBuild(process_group, web)
    assert not build.is_current()
    build.run()
    assert (web / "dist" / "index.html").read_text() == "side two"


def test_a_failed_build_says_why_and_leaves_the_last_one(web: Path, process_group: ProcessGroup) -> None:
    WebBuild(process_group, web).run()
    (web / "page.html").unlink()
    with pytest.raises(WebBuildFailed, match=r"page\.html"):
        WebBuild(process_group, web).run()
    assert (web / "dist" / "index.html").read_text() == "side one"
    assert not WebBuild(process_group, web).is_current()


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.9.0", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("nonsense", False),
    ],
)
def test_an_old_node_is_passed_over(tmp_path: Path, version: str, enough: bool) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {version}\n")
    node.chmod(node.stat().st_mode | stat.S_IXUSR)
    assert is_new_enough(str(node)) is enough
