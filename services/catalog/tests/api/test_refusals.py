from collections.abc import Callable
from uuid import uuid4

import pytest
from litestar.testing import AsyncTestClient

BASE = "/api/v1"
pytestmark = pytest.mark.only_reads


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/albums/{}", "album_not_found"),
        ("/albums/{}/releases", "album_not_found"),
        ("/releases/{}", "release_not_found"),
        ("/artists/{}", "artist_not_found"),
        ("/artists/{}/albums", "artist_not_found"),
        ("/labels/{}", "label_not_found"),
        ("/songs/{}", "song_not_found"),
        ("/songs?album_id={}", "album_not_found"),
    ],
)
async def test_an_unknown_id_is_a_404_with_its_code(client: AsyncTestClient, path: str, code: str) -> None:
    answer = await client.get(BASE + path.format(uuid4()))
    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/albums?sort=best", "sort"),
        ("/albums?limit=0", "limit"),
        ("/albums?limit=101", "limit"),
        ("/albums?limit=many", "limit"),
        ("/albums?artist_id=5", "artist_id"),
        ("/albums?artist_id=null", "artist_id"),
        ("/albums?year_from=soon", "year_from"),
        ("/albums?year_from=-1", "year_from"),
        ("/albums?year_to=99999", "year_to"),
        ("/albums?discogs_master_id=0", "discogs_master_id"),
        ("/albums?discogs_master_id=99999999999999999999", "discogs_master_id"),
        ("/albums?genre=", "genre"),
        ("/albums?cursor=nonsense", "cursor"),
        ("/albums?sort=year&sort=title", "sort"),
        ("/releases?discogs_release_id=x", "discogs_release_id"),
        ("/releases?barcode=", "barcode"),
        ("/artists?discogs_artist_id=-5", "discogs_artist_id"),
        ("/artists?q=", "q"),
        ("/labels?discogs_label_id=1.5", "discogs_label_id"),
        ("/songs?album_id=x", "album_id"),
        ("/search?q=x&type=tape", "type"),
        ("/search?q=x&limit=1000", "limit"),
        ("/search?q=x&cursor=AAAA", "cursor"),
        ("/search/suggest?q=x&limit=11", "limit"),
    ],
)
async def test_bad_input_names_the_field(client: AsyncTestClient, path: str, field: str) -> None:
    answer = await client.get(BASE + path)
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == "invalid_input"
    assert field in [error["field"] for error in answer.json()["errors"]]


async def test_writing_is_not_open(client: AsyncTestClient, token_for: Callable[..., str]) -> None:
    headers = {"Authorization": f"Bearer {token_for('ada')}"}
    assert (await client.post(f"{BASE}/albums", json={}, headers=headers)).status_code == 403
    assert (await client.delete(f"{BASE}/albums/{uuid4()}", headers=headers)).status_code == 403
