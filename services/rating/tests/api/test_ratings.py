import asyncio
from collections.abc import Callable
from uuid import UUID, uuid4

import httpx
import pytest

SignedIn = Callable[[str], dict[str, str]]
BASE = "/api/v1/ratings"


async def rate(client: httpx.AsyncClient, headers: dict[str, str], album_id: UUID, stars: int = 5) -> dict:
    answer = await client.post(BASE, json={"album_id": str(album_id), "rating": stars}, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def test_the_first_rating_is_created_and_the_next_replaces_it(
    client: httpx.AsyncClient, signed_in: SignedIn, album_id: UUID
) -> None:
    body = {"album_id": str(album_id), "rating": 4}
    first = await client.post(BASE, json=body, headers=signed_in("ada"))
    assert first.status_code == 201
    assert first.headers["location"] == f"{BASE}/{first.json()['id']}"
    second = await client.post(BASE, json=body | {"rating": 2}, headers=signed_in("ada"))
    assert second.status_code == 200
    assert second.json()["id"] == first.json()["id"]
    assert second.json()["user"]["username"] == "ada"
    summary = (await client.get(f"{BASE}/summary", params={"album_id": str(album_id)})).json()
    assert summary == {
        "album_id": str(album_id),
        "count": 1,
        "average": 2.0,
        "bayesian_average": 3.25,
        "histogram": {"1": 0, "2": 1, "3": 0, "4": 0, "5": 0},
    }


async def test_racing_listeners_are_all_counted(
    client: httpx.AsyncClient, signed_in: SignedIn, album_id: UUID
) -> None:
    people = [f"listener-{number}" for number in range(12)]
    await asyncio.gather(
        *(rate(client, signed_in(name), album_id, 1 + n % 5) for n, name in enumerate(people * 2))
    )
    summary = (await client.get(f"{BASE}/summary", params={"album_id": str(album_id)})).json()
    listed = (await client.get(BASE, params={"album_id": str(album_id), "limit": 100})).json()["items"]
    assert summary["count"] == len(listed) == 12
    by_stars = {str(stars): sum(item["rating"] == stars for item in listed) for stars in range(1, 6)}
    assert summary["histogram"] == by_stars


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rating": 5}, "album_id"),
        ({"album_id": "no uuid", "rating": 5}, "album_id"),
        ({"album_id": str(uuid4()), "rating": 0}, "rating"),
        ({"album_id": str(uuid4()), "rating": 6}, "rating"),
        ({"album_id": str(uuid4()), "rating": 4.5}, "rating"),
        ({"album_id": str(uuid4()), "rating": "5"}, "rating"),
        ({"album_id": str(uuid4()), "rating": 5, "user_id": str(uuid4())}, "user_id"),
    ],
)
async def test_bad_input_names_the_field(
    client: httpx.AsyncClient, signed_in: SignedIn, body: dict, field: str
) -> None:
    answer = await client.post(BASE, json=body, headers=signed_in("ada"))
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "invalid_input"
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    "raw", [b'{"rating":5,"rating":4}', b"[" * 50_000, b'{"album_id":"\\u0000"', b"\xff"]
)
async def test_what_is_not_clean_json_is_refused(
    client: httpx.AsyncClient, signed_in: SignedIn, raw: bytes
) -> None:
    headers = signed_in("ada") | {"Content-Type": "application/json"}
    answer = await client.post(BASE, content=raw, headers=headers)
    assert answer.status_code == 400


async def test_other_content_types_and_sizes_are_refused(
    client: httpx.AsyncClient, signed_in: SignedIn
) -> None:
    form = await client.post(BASE, content=b"a=b", headers=signed_in("ada") | {"Content-Type": "text/plain"})
    assert form.status_code == 415
    huge = b'{"x":"' + b"x" * 1024 * 1024 + b'"}'
    large = await client.post(
        BASE, content=huge, headers=signed_in("ada") | {"Content-Type": "application/json"}
    )
    assert large.status_code == 413
    assert large.json()["code"] == "too_large"


async def test_who_may_do_what(client: httpx.AsyncClient, signed_in: SignedIn, album_id: UUID) -> None:
    nobody = await client.post(BASE, json={"album_id": str(album_id), "rating": 5})
    assert nobody.status_code == 401
    assert nobody.headers["www-authenticate"].startswith("Bearer")
    forged = await client.get(BASE, headers={"Authorization": "Bearer not.a.token"})
    assert forged.status_code == 401
    mine = await rate(client, signed_in("ada"), album_id)
    theirs = await client.put(f"{BASE}/{mine['id']}", json={"rating": 1}, headers=signed_in("eve"))
    assert theirs.status_code == 403
    assert (await client.delete(f"{BASE}/{mine['id']}", headers=signed_in("eve"))).status_code == 403
    assert (await client.delete(f"{BASE}/{mine['id']}", headers=signed_in("ada"))).status_code == 204
    assert (await client.get(f"{BASE}/{mine['id']}")).json()["code"] == "rating_not_found"


async def test_unknown_things_are_not_found(client: httpx.AsyncClient, signed_in: SignedIn) -> None:
    body = {"album_id": str(uuid4()), "rating": 5}
    assert (await client.post(BASE, json=body, headers=signed_in("ada"))).json()["code"] == "album_not_found"
    summary = await client.get(f"{BASE}/summary", params={"album_id": str(uuid4())})
    assert (summary.status_code, summary.json()["code"]) == (404, "album_not_found")
    assert (await client.get("/api/v1/nowhere")).json()["code"] == "route_not_found"
    assert (await client.get(f"{BASE}/not-an-id-of-ours")).json()["code"] == "rating_not_found"
    wrong_method = await client.patch(BASE, headers=signed_in("ada"))
    assert (wrong_method.status_code, wrong_method.json()["code"]) == (405, "method_not_allowed")


async def test_versions_guard_changes(client: httpx.AsyncClient, signed_in: SignedIn, album_id: UUID) -> None:
    mine = await rate(client, signed_in("ada"), album_id)
    read = await client.get(f"{BASE}/{mine['id']}")
    tag = read.headers["etag"]
    assert (await client.get(f"{BASE}/{mine['id']}", headers={"If-None-Match": tag})).status_code == 304
    changes = [
        client.put(
            f"{BASE}/{mine['id']}", json={"rating": stars}, headers=signed_in("ada") | {"If-Match": tag}
        )
        for stars in (1, 2, 3, 4)
    ]
    statuses = sorted([answer.status_code for answer in await asyncio.gather(*changes)])
    assert statuses == [200, 412, 412, 412]


async def test_pages_follow_each_other_and_cursors_fit_one_list(
    client: httpx.AsyncClient, signed_in: SignedIn, album_id: UUID
) -> None:
    for number in range(5):
        await rate(client, signed_in(f"listener-{number}"), album_id, 1 + number)
    seen, cursor = [], None
    while True:
        parameters = {"album_id": str(album_id), "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(BASE, params=parameters)).json()
        seen += [item["rating"] for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
        last = cursor
    assert seen == [5, 4, 3, 2, 1]
    other_list = await client.get(BASE, params={"min_rating": "2", "cursor": last})
    assert other_list.status_code == 400
    for forged in (last[:-2] + "AA", "AAAA", "%00", "é"):
        answer = await client.get(BASE, params={"album_id": str(album_id), "cursor": forged})
        assert answer.status_code == 400, forged
    assert [e["field"] for e in other_list.json()["errors"]] == ["cursor"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=5.0",
        "limit=1e1",
        "max_rating=5.0",
        "album_id=x",
        "user=a&user=b",
        "min_rating=6",
        "limit=2&limit=3",
    ],
)
async def test_bad_parameters_are_refused(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"{BASE}?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"]


async def test_a_missing_parameter_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{BASE}/summary")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "album_id")


async def test_an_unknown_parameter_is_ignored_even_twice(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{BASE}?utm=1&utm=2")).status_code == 200


async def test_a_retry_with_its_key_gets_the_first_answer(
    client: httpx.AsyncClient, signed_in: SignedIn, album_id: UUID
) -> None:
    body = {"album_id": str(album_id), "rating": 5}
    keyed = signed_in("ada") | {"Idempotency-Key": "first"}
    answers = await asyncio.gather(*(client.post(BASE, json=body, headers=keyed) for _ in range(10)))
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {201, 409}
    assert 201 in statuses
    again = await client.post(BASE, json=body, headers=keyed)
    assert (again.status_code, again.headers["location"]) == (201, f"{BASE}/{again.json()['id']}")
    other_body = await client.post(BASE, json=body | {"rating": 1}, headers=keyed)
    assert other_body.status_code == 422
    two_keys = [*keyed.items(), ("Idempotency-Key", "second")]
    assert (await client.post(BASE, json=body, headers=two_keys)).status_code == 400
    someone_else = await client.post(BASE, json=body, headers=signed_in("eve") | {"Idempotency-Key": "first"})
    assert someone_else.status_code == 201
    assert someone_else.json()["id"] != again.json()["id"]


async def test_answers_may_be_kept_until_a_write_names_them(
    client: httpx.AsyncClient, signed_in: SignedIn, album_id: UUID
) -> None:
    async def names_of(path: str) -> set[str]:
        return set((await client.get(path)).headers["surrogate-key"].split())

    body = {"album_id": str(album_id), "rating": 4}
    headers = signed_in("ada") | {"Idempotency-Key": "once"}
    said = [(await client.post(BASE, json=body, headers=headers)) for _ in range(2)]
    for each in said:
        assert set(each.headers["surrogate-purge"].split()) == {"ratings", f"ratings-{album_id}"}
    for path in (BASE, f"{BASE}/summary?album_id={album_id}"):
        assert await names_of(path) <= set(said[0].headers["surrogate-purge"].split())
    refused = await client.post(BASE, json=body | {"rating": 9}, headers=signed_in("ada"))
    assert "surrogate-purge" not in refused.headers


async def test_a_token_that_is_for_reading_alone_rates_nothing(
    client: httpx.AsyncClient, token_for: Callable[..., str], album_id: UUID
) -> None:
    body = {"album_id": str(album_id), "rating": 4}
    reader = {"Authorization": f"Bearer {token_for('ada', scopes=['read'])}", "Idempotency-Key": str(uuid4())}
    refused = await client.post(BASE, json=body, headers=reader)
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    assert refused.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="write"'
    writer = {"Authorization": f"Bearer {token_for('ada', scopes=['write'])}"}
    assert (await client.get(BASE, headers=writer)).status_code == 403
    assert (await client.get(BASE, headers=reader)).json()["items"] == []
    assert (await client.post(BASE, json=body, headers=writer)).status_code == 201
