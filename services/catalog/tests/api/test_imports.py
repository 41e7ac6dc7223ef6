from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from litestar.testing import AsyncTestClient

from vinyl_catalog.app import create_app
from vinyl_catalog.settings import Settings
from vinyl_devstack.asgi_client import client_of

PATH = "/api/v1/admin/imports"
Headers = dict[str, str]


async def test_an_import_is_queued_and_shown(client: AsyncTestClient, as_admin: Headers, write_dump) -> None:
    file = write_dump("artists", [])
    answer = await client.post(PATH, json={"files": [file.name]}, headers=as_admin)
    assert answer.status_code == 201
    queued = answer.json()
    assert answer.headers["location"] == f"{PATH}/{queued['id']}"
    assert (queued["state"], queued["files"], queued["origin"]) == ("queued", [str(file)], "api")
    assert queued["withdraw"] == "never"
    assert (queued["read"], queued["imported"], queued["unchanged"], queued["rejected"]) == (0, 0, 0, [])
    assert (queued["rate"], queued["started_at"], queued["finished_at"]) == (None, None, None)
    assert (await client.get(answer.headers["location"], headers=as_admin)).json() == queued
    assert (await client.get(PATH, headers=as_admin)).json() == {"items": [queued], "next_cursor": None}


@pytest.mark.parametrize("withdraw", ["never", "few", "all"])
async def test_what_is_to_be_withdrawn_is_kept_with_the_import(
    client: AsyncTestClient, as_admin: Headers, write_dump, withdraw: str
) -> None:
    body = {"files": [write_dump("artists", []).name], "withdraw": withdraw}
    answer = await client.post(PATH, json=body, headers=as_admin)
    assert (answer.status_code, answer.json()["withdraw"]) == (201, withdraw)
    assert (await client.get(answer.headers["location"], headers=as_admin)).json()["withdraw"] == withdraw


async def test_an_import_by_command_is_listed_with_its_rejects(
    client: AsyncTestClient, as_admin: Headers, take_in, write_dump, records
) -> None:
    bad = "<artist><id>6</id><name/></artist>"
    done = await take_in(write_dump("artists", [records.artist(5, "Vera"), bad]))
    [listed] = (await client.get(PATH, headers=as_admin)).json()["items"]
    assert (listed["id"], listed["state"], listed["origin"]) == (str(done.id), "done", "command")
    assert (listed["read"], listed["imported"], listed["unchanged"], listed["rejected_count"]) == (2, 1, 0, 1)
    assert listed["rejected"] == [
        {"kind": "artist", "discogs_id": 6, "reason": "the name is missing", "raw": bad}
    ]
    assert listed["started_at"] <= listed["finished_at"]
    assert listed["rate"] > 0
    assert listed["bytes_read"] == listed["bytes_total"] > 0
    assert listed["seconds_left"] is None
    assert [(file["kind"], file["read"], file["is_finished"]) for file in listed["progress"]] == [
        ("artist", 2, True)
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "files"),
        ({"files": []}, "files"),
        ({"files": "a.xml"}, "files"),
        ({"files": [1]}, "files[0]"),
        ({"files": ["/etc/passwd"]}, "files[0]"),
        ({"files": ["../../../../../../etc/passwd"]}, "files[0]"),
        ({"files": ["nowhere.xml"]}, "files[0]"),
        ({"files": ["."]}, "files[0]"),
        ({"files": ["link.xml"]}, "files[0]"),
        ({"files": ["x" * 900]}, "files[0]"),
        ({"files": ["http://127.0.0.1:8000/dump.xml.gz"]}, "files[0]"),
        ({"files": ["https://data.discogs.com:8443/dump.xml.gz"]}, "files[0]"),
        ({"files": ["https://data.discogs.com@127.0.0.1/dump.xml.gz"]}, "files[0]"),
        ({"files": ["https://data.discogs.com.example/dump.xml.gz"]}, "files[0]"),
        ({"files": ["file:///etc/passwd"]}, "files[0]"),
        ({"files": ["a.xml"], "folder": "/"}, "folder"),
        ({"files": ["a.xml"], "withdraw": "some"}, "withdraw"),
        ({"files": ["a.xml"], "withdraw": None}, "withdraw"),
    ],
)
async def test_only_files_of_the_folder_are_taken(
    client: AsyncTestClient, as_admin: Headers, tmp_path: Path, body: dict[str, object], field: str
) -> None:
    (tmp_path / "link.xml").symlink_to("/etc/passwd")
    answer = await client.post(PATH, json=body, headers=as_admin)
    assert answer.status_code == 400, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert (await client.get(PATH, headers=as_admin)).json()["items"] == []


async def test_an_address_at_a_known_host_is_queued(settings: Settings, as_admin: Headers) -> None:
    closed = Settings(database_url=settings.database_url, jwks_url=settings.jwks_url)
    dump = "https://data.discogs.com/?download=data%2F2026%2Fdiscogs_20261101_artists.xml.gz"
    async with client_of(create_app(closed)) as client:
        answer = await client.post(PATH, json={"files": [dump]}, headers=as_admin)
    assert (answer.status_code, answer.json()["files"]) == (201, [dump])
    assert (answer.json()["bytes_total"], answer.json()["seconds_left"]) == (None, None)


async def test_without_a_folder_no_file_is_taken(settings: Settings, as_admin: Headers, write_dump) -> None:
    closed = Settings(database_url=settings.database_url, jwks_url=settings.jwks_url)
    async with AsyncTestClient(create_app(closed)) as client:
        answer = await client.post(PATH, json={"files": [str(write_dump("artists", []))]}, headers=as_admin)
    assert answer.status_code == 400
    assert "VINYL_CATALOG_IMPORTS_FOLDER" in answer.json()["detail"]


@pytest.mark.parametrize("roles", [("listener",), ("listener", "curator"), ("listener", "moderator")])
async def test_imports_are_for_admins_alone(
    client: AsyncTestClient, token_for: Callable[..., str], roles
) -> None:
    headers = {"Authorization": f"Bearer {token_for('bo', roles=roles)}"}
    for call in (
        client.get(PATH, headers=headers),
        client.post(PATH, json={"files": ["a"]}, headers=headers),
    ):
        assert (await call).status_code == 403
    assert (await client.get(PATH)).status_code == 401
    assert (await client.get(f"{PATH}/{uuid4()}")).status_code == 401


async def test_an_unknown_import_is_a_404(client: AsyncTestClient, as_admin: Headers) -> None:
    answer = await client.get(f"{PATH}/{uuid4()}", headers=as_admin)
    assert (answer.status_code, answer.json()["code"]) == (404, "import_not_found")
