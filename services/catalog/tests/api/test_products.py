"""/products: what members show, and what they keep to themselves."""

import asyncio
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest
from PIL import Image

from vinyl_catalog.consumers import showcase
from vinyl_catalog.service.product_views import ViewCounter, Visitor
from vinyl_catalog.service.showcase_news import ShowcaseNews
from vinyl_catalog.settings import Settings
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.clock import now
from vinyl_chassis.messaging.subscription import dispatch
from vinyl_contracts.envelope import Envelope, Event, wrap
from vinyl_contracts.events.rating import CommentPosted, CommentRemoved, VotesChanged
from vinyl_contracts.events.user import (
    CollectionItemChanged,
    CollectionItemRemoved,
    ProfileChanged,
    UserRegistered,
)
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, CollectionItemId, CommentId, MediaId, ReleaseId, UserId, new_id

BASE = "/api/v1"
PRODUCTS = BASE + "/products"
Headers = dict[str, str]
As = Callable[..., Headers]
Show = Callable[..., Awaitable[dict[str, Any]]]
Tell = Callable[[Event, UUID, int], Awaitable[None]]
ADA, BOB = UserId(UUID(int=1)), UserId(UUID(int=2))


@pytest.fixture
def as_(token_for: Callable[..., str]) -> As:
    """`as_("ada")`: the headers of a listener; Ada's id is ADA."""

    def sign_in(name: str, *roles: str) -> Headers:
        given = {"user_id": ADA} if name == "ada" else {}
        return {"Authorization": f"Bearer {token_for(name, roles=('listener', *roles), **given)}"}

    return sign_in


@pytest.fixture
def show(client: httpx.AsyncClient, as_: As) -> Show:
    """`await show(title="…")`: a product of Ada's, published unless it says otherwise."""

    async def make(by: str = "ada", **fields: object) -> dict[str, Any]:
        body = {"title": "A copy", "status": "published"} | fields
        answer = await client.post(PRODUCTS, json=body, headers=as_(by))
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return make


@pytest.fixture
def tell(store: Store) -> Tell:
    news = ShowcaseNews(store)
    heard = [*showcase.of_user(news), *showcase.of_rating(news)]

    async def hear(event: Event, aggregate_id: UUID, version: int) -> None:
        envelope = wrap(event, aggregate_id=aggregate_id, version=version, at=now())
        await dispatch(msgspec.json.encode(envelope), heard)

    return hear


@pytest.fixture
async def category(client: httpx.AsyncClient, as_: As) -> str:
    body = {"name": "First pressings", "slug": "first-pressings"}
    answer = await client.post(f"{BASE}/categories", json=body, headers=as_("carl", "curator"))
    assert answer.status_code == 201, answer.text
    return "first-pressings"


async def upload(client: httpx.AsyncClient, headers: Headers, colour: str) -> str:
    file = BytesIO()
    Image.new("RGB", (20, 10), colour).save(file, "PNG")
    answer = await client.post(
        f"{BASE}/media", content=file.getvalue(), headers=headers | {"Content-Type": "image/png"}
    )
    return str(answer.json()["id"])


async def titles(client: httpx.AsyncClient, path: str = PRODUCTS, **asked: object) -> list[str]:
    """Of all pages of two."""
    found: list[str] = []
    headers = asked.pop("headers", None)
    cursor: str | None = ""
    while cursor is not None:
        more = {"cursor": cursor} if cursor else {}
        answer = await client.get(path, params={"limit": 2, **asked, **more}, headers=headers)
        assert answer.status_code == 200, answer.text
        found += [item["title"] for item in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
    return found


async def told(connection: asyncpg.Connection) -> list[tuple[str, int, Any]]:
    """The events about products, in their order: what, version, data."""
    rows = await connection.fetch("select envelope from outbox where subject like '%product%' order by id")
    envelopes = [msgspec.json.decode(row["envelope"], type=Envelope) for row in rows]
    return [
        (each.type.split(".")[2], each.aggregateversion, msgspec.json.decode(each.data)) for each in envelopes
    ]


async def test_a_product_is_shown_with_all_that_was_said(
    client: httpx.AsyncClient, as_: As, category: str, catalogue: None
) -> None:
    [release] = (await client.get(f"{BASE}/releases", params={"discogs_release_id": 1})).json()["items"]
    pictures = [await upload(client, as_("ada"), colour) for colour in ("red", "blue")]
    body = {
        "title": "  Bought in Oslo ",
        "description": "Played *twice*.\n<script>alert(1)</script>",
        "category": category,
        "release_id": release["id"],
        "tags": ["oslo", "jazz", "oslo"],
        "media_ids": pictures,
        "price": {"amount": "12.5", "currency": "EUR"},
        "status": "published",
    }
    answer = await client.post(PRODUCTS, json=body, headers=as_("ada"))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    read = await client.get(answer.headers["location"])
    assert read.json() == made
    assert read.headers["etag"] == answer.headers["etag"]
    expected = {
        "user": {"id": str(ADA), "username": "ada"},
        "title": "Bought in Oslo",
        "description": "Played *twice*.\n<script>alert(1)</script>",
        "category": category,
        "album_id": release["album_id"],
        "release_id": release["id"],
        "collection_item_id": None,
        "tags": ["oslo", "jazz"],
        "media_ids": pictures,
        "price": {"amount": "12.50", "currency": "EUR"},
        "status": "published",
        "upvote_count": 0,
        "comment_count": 0,
        "view_count": 0,
    }
    assert {name: made[name] for name in expected} == expected
    assert [each["id"] for each in made["media"]] == pictures
    assert made["published_at"] == made["created_at"] or made["published_at"] > made["created_at"]


async def test_drafts_and_archived_ones_are_their_owners_alone(
    client: httpx.AsyncClient, as_: As, show: Show, category: str
) -> None:
    draft = await show(title="Draft", status="draft", category=category, tags=["secret"])
    archived = await show(title="Archived", status="archived", category=category, tags=["secret"])
    await show(title="Open", category=category, tags=["secret"])
    for other in (None, as_("bob"), as_("root", "admin", "moderator", "curator")):
        for hidden in (draft, archived):
            path = f"{PRODUCTS}/{hidden['id']}"
            assert (await client.get(path, headers=other)).json()["code"] == "product_not_found"
            if other:
                edited = await client.patch(path, json={"title": "Mine"}, headers=other)
                removed = await client.delete(path, headers=other)
                assert (edited.status_code, removed.status_code) == (404, 404)
        for asked in ({}, {"tag": "secret"}, {"user": "ada"}, {"category": category}):
            assert await titles(client, headers=other, **asked) == ["Open"]
        assert await titles(client, f"{BASE}/categories/{category}/products", headers=other) == ["Open"]
    for status, title in (("draft", "Draft"), ("archived", "Archived")):
        assert await titles(client, status=status, headers=as_("ada")) == [title]
        assert await titles(client, status=status, headers=as_("bob")) == []
        assert await titles(client, status=status, user="ada", headers=as_("bob")) == []
        assert (await client.get(PRODUCTS, params={"status": status})).status_code == 401
    own = await client.get(f"{PRODUCTS}/{draft['id']}", headers=as_("ada"))
    assert own.json()["title"] == "Draft"


async def test_a_cursor_of_somebody_elses_drafts_is_refused(
    client: httpx.AsyncClient, as_: As, show: Show
) -> None:
    for number in range(3):
        await show(title=f"Draft {number}", status="draft")
    asked = {"status": "draft", "limit": 2}
    page = (await client.get(PRODUCTS, params=asked, headers=as_("ada"))).json()
    asked["cursor"] = page["next_cursor"]
    assert (await client.get(PRODUCTS, params=asked, headers=as_("bob"))).status_code == 400
    assert (await client.get(PRODUCTS, params=asked | {"sort": "top"}, headers=as_("ada"))).status_code == 400


async def test_only_who_shows_it_changes_it(client: httpx.AsyncClient, as_: As, show: Show) -> None:
    path = f"{PRODUCTS}/{(await show())['id']}"
    for answer in (
        await client.patch(path, json={"title": "Mine"}, headers=as_("bob")),
        await client.delete(path, headers=as_("root", "admin")),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_product")
    assert (await client.patch(path, json={}, headers=None)).status_code == 401
    edited = await client.patch(path, json={"title": "Changed", "price": None}, headers=as_("ada"))
    assert edited.json()["title"] == "Changed"
    assert (await client.delete(path, headers=as_("ada"))).status_code == 204
    assert (await client.delete(path, headers=as_("ada"))).status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_input"),
        ({"title": "   "}, "invalid_input"),
        ({"title": "x" * 201}, "invalid_input"),
        ({"title": "a\u0007b"}, "invalid_input"),
        ({"title": "x", "description": "x" * 10_001}, "invalid_input"),
        ({"title": "x", "owner_id": str(ADA)}, "invalid_input"),
        ({"title": "x", "view_count": 9}, "invalid_input"),
        ({"title": "x", "status": "sold"}, "invalid_input"),
        ({"title": "x", "status": None}, "invalid_input"),
        ({"title": "x", "tags": ["Not A Slug"]}, "invalid_input"),
        ({"title": "x", "tags": ["newline\n"]}, "invalid_input"),
        ({"title": "x", "tags": [f"t{number}" for number in range(11)]}, "invalid_input"),
        ({"title": "x", "price": {"amount": "1.234", "currency": "EUR"}}, "invalid_input"),
        ({"title": "x", "price": {"amount": "-1", "currency": "EUR"}}, "invalid_input"),
        ({"title": "x", "price": {"amount": "0.00", "currency": "EUR"}}, "invalid_input"),
        ({"title": "x", "price": {"amount": 12, "currency": "EUR"}}, "invalid_input"),
        ({"title": "x", "price": {"amount": "1", "currency": "EURO"}}, "invalid_input"),
        ({"title": "x", "media_ids": [str(new_id())] * 13}, "invalid_input"),
        ({"title": "x", "media_ids": [str(new_id())]}, "media_not_found"),
        ({"title": "x", "category": "nothing"}, "category_not_found"),
        ({"title": "x", "album_id": str(new_id())}, "album_not_found"),
        ({"title": "x", "release_id": str(new_id())}, "release_not_found"),
        ({"title": "x", "collection_item_id": str(new_id())}, "collection_item_not_found"),
    ],
    ids=range(23),
)
async def test_what_cannot_be_shown(
    client: httpx.AsyncClient, as_: As, show: Show, body: dict[str, object], code: str
) -> None:
    status = 400 if code == "invalid_input" else 404
    path = f"{PRODUCTS}/{(await show())['id']}"
    made = await client.post(PRODUCTS, json=body, headers=as_("ada"))
    assert (made.status_code, made.json()["code"]) == (status, code), made.text
    if body:
        edited = await client.patch(path, json=body, headers=as_("ada"))
        assert (edited.status_code, edited.json()["code"]) == (status, code), edited.text


async def test_pictures_of_others_are_not_for_showing(client: httpx.AsyncClient, as_: As, show: Show) -> None:
    own, others = await upload(client, as_("ada"), "red"), await upload(client, as_("bob"), "red")
    body = {"title": "x", "media_ids": [own, others]}
    refused = await client.post(PRODUCTS, json=body, headers=as_("ada"))
    assert refused.json()["code"] == "media_not_found"
    await show(media_ids=[own])
    kept = await client.delete(f"{BASE}/media/{own}", headers=as_("ada"))
    assert (kept.status_code, kept.json()["code"]) == (409, "picture_in_use")


async def test_an_own_avatar_stays_until_it_is_another(
    client: httpx.AsyncClient, as_: As, tell: Tell
) -> None:
    async def wear(version: int, listener: UserId, picture: str | None) -> None:
        avatar = None if picture is None else MediaId(UUID(picture))
        worn = ProfileChanged(listener, "x", None, None, "EUR", True, avatar)
        await tell(worn, listener, version)

    own, next_one = await upload(client, as_("ada"), "red"), await upload(client, as_("ada"), "blue")
    await wear(2, ADA, own)
    kept = await client.delete(f"{BASE}/media/{own}", headers=as_("ada"))
    assert (kept.status_code, kept.json()["code"]) == (409, "picture_in_use")
    await wear(3, ADA, next_one)
    assert (await client.delete(f"{BASE}/media/{own}", headers=as_("ada"))).status_code == 204
    await wear(4, ADA, None)
    await wear(1, ADA, next_one)
    await wear(2, BOB, next_one)
    assert (await client.delete(f"{BASE}/media/{next_one}", headers=as_("ada"))).status_code == 204


async def test_no_product_shows_a_picture_that_is_gone(client: httpx.AsyncClient, as_: As) -> None:
    for colour in ("red", "green", "blue"):
        picture = await upload(client, as_("ada"), colour)
        shown, removed = await asyncio.gather(
            client.post(PRODUCTS, json={"title": "x", "media_ids": [picture]}, headers=as_("ada")),
            client.delete(f"{BASE}/media/{picture}", headers=as_("ada")),
        )
        assert (shown.status_code, removed.status_code) in ((201, 409), (404, 204))


async def test_a_product_is_found_under_every_id_of_its_album(
    client: httpx.AsyncClient, show: Show, catalogue: None, connection: asyncpg.Connection
) -> None:
    album, survivor = [each["id"] for each in (await client.get(f"{BASE}/albums")).json()["items"]][:2]
    await show(title="before", album_id=album)
    await connection.execute("insert into album_redirects values ($1, $2, now())", album, survivor)
    made = await show(title="after", album_id=album)
    assert made["album_id"] == survivor
    for named in (album, survivor):
        assert await titles(client, album_id=named) == ["after", "before"]


async def test_racing_edits_of_one_version_let_one_through(
    client: httpx.AsyncClient, as_: As, show: Show, tell: Tell
) -> None:
    made = await show()
    path = f"{PRODUCTS}/{made['id']}"
    tag = (await client.get(path)).headers["etag"]
    # that somebody votes meanwhile changes what is shown, and makes no edit stale
    await tell(VotesChanged("product", UUID(made["id"]), 3), UUID(made["id"]), 1)
    assert (await client.get(path, headers={"If-None-Match": tag})).status_code == 200
    expecting = as_("ada") | {"If-Match": tag}
    answers = await asyncio.gather(
        *(client.patch(path, json={"title": f"Take {number}"}, headers=expecting) for number in range(8)),
        client.delete(path, headers=expecting),
    )
    assert sorted(answer.status_code for answer in answers)[1:] == [412] * 8
    assert answers[0].status_code in (200, 412)


async def test_deleting_races_with_publishing(
    client: httpx.AsyncClient, as_: As, show: Show, connection: asyncpg.Connection
) -> None:
    """Whatever comes first, the last thing told is that it is gone, or nothing was told."""
    for _ in range(5):
        made = await show(status="draft")
        path = f"{PRODUCTS}/{made['id']}"
        published, removed = await asyncio.gather(
            client.patch(path, json={"status": "published"}, headers=as_("ada")),
            client.delete(path, headers=as_("ada")),
        )
        assert removed.status_code == 204
        about = [event for event in await told(connection) if event[2]["product_id"] == made["id"]]
        expected = ["product_changed", "product_withdrawn"] if published.status_code == 200 else []
        assert [name for name, _, _ in about] == expected
        assert [version for _, version, _ in about] == sorted({version for _, version, _ in about})


async def test_lists_go_by_heat_age_and_votes(client: httpx.AsyncClient, show: Show, tell: Tell) -> None:
    made = {name: UUID((await show(title=name))["id"]) for name in ("one", "two", "three", "four", "five")}
    for name, count in (("two", 2), ("one", 100_000)):
        await tell(VotesChanged("product", made[name], count), made[name], 2)
    # late, and of something else
    await tell(VotesChanged("product", made["one"], 7), made["one"], 1)
    await tell(VotesChanged("review", made["five"], 900), made["five"], 9)
    assert await titles(client, sort="top") == ["one", "two", "five", "four", "three"]
    assert await titles(client, sort="new") == ["five", "four", "three", "two", "one"]
    assert await titles(client, sort="hot") == ["one", "two", "five", "four", "three"]
    assert await titles(client) == await titles(client, sort="hot")
    assert (await client.get(PRODUCTS, params={"sort": "worst"})).status_code == 400


async def test_heat_is_additive_in_time(connection: asyncpg.Connection, show: Show, tell: Tell) -> None:
    made = UUID((await show())["id"])
    hot = "select hot from products where id = $1"
    alone = await connection.fetchval(hot, made)
    for version, votes, more in ((1, 1, 0.0), (2, 10, 1.0), (3, 1000, 3.0), (4, 0, 0.0)):
        await tell(VotesChanged("product", made, votes), made, version)
        assert await connection.fetchval(hot, made) == pytest.approx(alone + more)


async def test_a_product_is_as_old_as_its_first_publication(
    client: httpx.AsyncClient, as_: As, show: Show
) -> None:
    first = await show(title="first", status="draft")
    await show(title="second")
    path = f"{PRODUCTS}/{first['id']}"
    await client.patch(path, json={"status": "published"}, headers=as_("ada"))
    assert await titles(client, sort="new") == ["first", "second"]
    await show(title="third")
    for status in ("archived", "published"):
        await client.patch(path, json={"status": status}, headers=as_("ada"))
    assert await titles(client, sort="new") == ["third", "first", "second"]


async def test_filters(client: httpx.AsyncClient, show: Show, catalogue: None, category: str) -> None:
    album = (await client.get(f"{BASE}/albums")).json()["items"][0]["id"]
    await show(title="about", album_id=album)
    await show(title="bob's", by="bob", tags=["jazz", "oslo"])
    await show(title="sorted", category=category, tags=["jazz"])
    assert await titles(client, album_id=album) == ["about"]
    assert await titles(client, user="bob") == ["bob's"]
    assert await titles(client, user="nobody") == []
    assert await titles(client, tag="jazz") == ["sorted", "bob's"]
    assert await titles(client, tag="jazz", user="bob") == ["bob's"]
    assert await titles(client, category=category) == ["sorted"]
    assert await titles(client, category="nothing") == []


async def test_a_product_is_about_what_was_named_last(
    client: httpx.AsyncClient, as_: As, show: Show, catalogue: None
) -> None:
    [release] = (await client.get(f"{BASE}/releases", params={"discogs_release_id": 2})).json()["items"]
    albums = [each["id"] for each in (await client.get(f"{BASE}/albums")).json()["items"]]
    other = next(each for each in albums if each != release["album_id"])
    path = f"{PRODUCTS}/{(await show(album_id=other))['id']}"

    async def after(**edit: object) -> tuple[object, object]:
        answer = (await client.patch(path, json=edit, headers=as_("ada"))).json()
        return answer["album_id"], answer["release_id"]

    of_release = release["album_id"], release["id"]
    assert await after(release_id=release["id"]) == of_release
    assert await after(title="The same") == of_release
    assert await after(release_id=None) == (release["album_id"], None)
    assert await after(release_id=release["id"], album_id=release["album_id"]) == of_release
    assert await after(album_id=other) == (other, None)
    assert await after(album_id=None) == (None, None)
    contradiction = {"release_id": release["id"], "album_id": other}
    assert (await client.patch(path, json=contradiction, headers=as_("ada"))).status_code == 400


async def test_an_owned_copy_says_what_a_product_is(
    client: httpx.AsyncClient, as_: As, show: Show, tell: Tell, connection: asyncpg.Connection
) -> None:
    item, album, release = CollectionItemId(new_id()), AlbumId(new_id()), ReleaseId(new_id())

    def copy(owner: UserId, grade: Grade) -> CollectionItemChanged:
        return CollectionItemChanged(item, owner, album, release, grade, None, None)

    await tell(copy(ADA, Grade.NEAR_MINT), item, 2)
    body = {"title": "x", "collection_item_id": str(item)}
    stolen = await client.post(PRODUCTS, json=body, headers=as_("bob"))
    assert stolen.json()["code"] == "collection_item_not_found"
    made = await show(collection_item_id=str(item))
    assert (made["album_id"], made["release_id"]) == (str(album), str(release))
    assert made["collection_item_id"] == str(item)
    seen = (await client.get(f"{PRODUCTS}/{made['id']}")).json()
    assert seen["collection_item_id"] is None
    await tell(copy(ADA, Grade.POOR), item, 1)
    await tell(copy(ADA, Grade.GOOD), item, 3)
    await tell(CollectionItemRemoved(item, ADA), item, 4)
    after = (await client.get(f"{PRODUCTS}/{made['id']}", headers=as_("ada"))).json()
    assert (after["collection_item_id"], after["album_id"]) == (None, str(album))
    grades = [(version, data["media_condition"]) for _, version, data in await told(connection)]
    assert grades == [(1, "NM"), (2, "G"), (3, None)]


async def test_what_is_published_is_told(
    client: httpx.AsyncClient, as_: As, show: Show, connection: asyncpg.Connection
) -> None:
    made = await show(status="draft", price={"amount": "12.50", "currency": "EUR"}, tags=["jazz"])
    path = f"{PRODUCTS}/{made['id']}"
    for edit in ({"title": "Still mine"}, {"status": "published"}, {"title": "Told"}, {"status": "archived"}):
        await client.patch(path, json=edit, headers=as_("ada"))
    await client.patch(path, json={"title": "Mine again"}, headers=as_("ada"))
    await client.patch(path, json={"status": "published"}, headers=as_("ada"))
    await client.delete(path, headers=as_("ada"))
    events = await told(connection)
    assert [(name, version, data.get("title")) for name, version, data in events] == [
        ("product_changed", 3, "Still mine"),
        ("product_changed", 4, "Told"),
        ("product_withdrawn", 5, None),
        ("product_changed", 7, "Mine again"),
        ("product_withdrawn", 8, None),
    ]
    assert events[0][2]["price"] == {"amount": "12.50", "currency": "EUR"}
    assert (events[0][2]["owner_id"], events[0][2]["tags"]) == (str(ADA), ["jazz"])


async def test_counts_come_from_events_whatever_their_order(
    client: httpx.AsyncClient, show: Show, tell: Tell
) -> None:
    made = await show()
    product, comment = UUID(made["id"]), CommentId(new_id())
    removed = CommentRemoved(comment, "product", product, 4)
    await tell(removed, product, 7)
    await tell(CommentPosted(comment, ADA, "product", product, None, 5, now()), product, 6)
    await tell(CommentPosted(comment, ADA, "album", product, None, 50, now()), product, 60)
    await tell(VotesChanged("product", product, 2), product, 2)
    shown = (await client.get(f"{PRODUCTS}/{product}")).json()
    assert (shown["comment_count"], shown["upvote_count"]) == (4, 2)
    # of what was removed here meanwhile
    await tell(VotesChanged("product", new_id(), 2), new_id(), 2)


async def test_an_owner_goes_by_the_newest_name(client: httpx.AsyncClient, show: Show, tell: Tell) -> None:
    made = await show()
    await tell(ProfileChanged(ADA, "ada-the-second", None, None, "EUR", True), ADA, 2)
    await tell(UserRegistered(ADA, "ada", now()), ADA, 1)
    shown = (await client.get(f"{PRODUCTS}/{made['id']}")).json()
    assert shown["user"]["username"] == "ada-the-second"
    assert await titles(client, user="ada-the-second") == ["A copy"]


async def test_a_visitor_counts_once_a_day(
    client: httpx.AsyncClient, as_: As, show: Show, settings: Settings, store: Store
) -> None:
    made = await show()
    draft = await show(status="draft")
    counter = ViewCounter(store, settings.cursor_secret)
    path = f"{PRODUCTS}/{made['id']}"
    visitors = [as_("bob"), as_("bob"), as_("eve"), as_("ada")]
    visitors += [{"X-Vinyl-Client-Address": address} for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")]
    for visitor in visitors:
        assert (await client.get(path, headers=visitor)).status_code == 200
    await client.get(f"{PRODUCTS}/{draft['id']}", headers=as_("ada"))
    assert (await client.get(path)).json()["view_count"] == 0
    await flushed(client, path, 5)
    # another process, which has seen the same visitor
    counter.note(UUID(made["id"]), Visitor(None, "192.0.2.1"))
    counter.note(UUID(made["id"]), Visitor(None, "192.0.2.9"))
    counter.note(new_id(), Visitor(None, "192.0.2.9"))
    await asyncio.gather(counter.flush(), counter.flush())
    assert (await client.get(path)).json()["view_count"] == 6


async def flushed(client: httpx.AsyncClient, path: str, count: int) -> None:
    """Who asks here is one of those who are counted."""
    async with asyncio.timeout(10):
        while (await client.get(path)).json()["view_count"] != count:
            await asyncio.sleep(0.1)


async def test_search_finds_what_is_published(
    client: httpx.AsyncClient, as_: As, show: Show, tell: Tell, catch_up: Callable[[], Awaitable[None]]
) -> None:
    async def found(q: str) -> list[tuple[str, str]]:
        await catch_up()
        answer = await client.get(f"{BASE}/search", params={"q": q, "type": "product"})
        assert answer.status_code == 200, answer.text
        return [(item["title"], item["subtitle"]) for item in answer.json()["items"]]

    await show(title="Zanzibar draft", status="draft")
    made = await show(title="A box from Zanzibar", tags=["taarab"])
    other = await show(title="The Zanzibar box")
    assert await found("taarab") == [("A box from Zanzibar", "ada")]
    assert len(await found("zanzibar")) == 2
    await tell(VotesChanged("product", UUID(other["id"]), 5_000), UUID(other["id"]), 1)
    assert (await found("zanzibar box"))[0] == ("The Zanzibar box", "ada")
    archived = await client.patch(f"{PRODUCTS}/{made['id']}", json={"status": "archived"}, headers=as_("ada"))
    assert archived.status_code == 200
    assert await found("taarab") == []
    await client.delete(f"{PRODUCTS}/{other['id']}", headers=as_("ada"))
    assert await found("zanzibar") == []
