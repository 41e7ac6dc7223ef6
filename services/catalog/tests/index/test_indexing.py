"""The index follows the tables, and comes back from whatever happens to its folder."""

import asyncio
import shutil
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import asyncpg
import msgspec
import pytest

from vinyl_catalog.consumers.user import subscriptions
from vinyl_catalog.domain.folding import words_of
from vinyl_catalog.domain.refusals import SearchNotReady
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index.asked import Asked
from vinyl_catalog.index.generations import Generations
from vinyl_catalog.index.indexer import Indexer
from vinyl_catalog.index.search_index import SearchIndex
from vinyl_catalog.service.known_keepings import KnownKeepingService
from vinyl_catalog.settings import Settings
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.clock import now
from vinyl_chassis.messaging.subscription import dispatch
from vinyl_contracts.envelope import Event, wrap
from vinyl_contracts.events.user import WantChanged, WantRemoved
from vinyl_contracts.ids import AlbumId, UserId, WantId, new_id

Titles = Callable[[str], list[str]]
# What is promised of most changes, and what none may exceed.
SOON_SECONDS, LATEST_SECONDS = 1.0, 10.0


@pytest.fixture
def index(settings: Settings) -> SearchIndex:
    return SearchIndex(Generations(settings.index_path))


@pytest.fixture
def titles(index: SearchIndex) -> Titles:
    """`titles("blue")`: of the albums and artists found, the best first."""

    def found(text: str) -> list[str]:
        asked = Asked(words_of(text), (HitType.ALBUM, HitType.ARTIST))
        return [each.shown.title for each in index.answer(asked, 0, 20).found]

    return found


@pytest.fixture
def working(store: Store, settings: Settings) -> Callable[[], object]:
    """`async with working():` the indexer of a work process runs."""

    @asynccontextmanager
    async def run() -> AsyncIterator[None]:
        indexer = Indexer(store, settings.database_url, Generations(settings.index_path))
        task = asyncio.create_task(indexer.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return run


async def shows(titles: Titles, text: str, expected: list[str]) -> None:
    """Waits for it."""
    found: list[str] | None = None
    with suppress(TimeoutError):
        async with asyncio.timeout(LATEST_SECONDS):
            while found != expected:
                with suppress(SearchNotReady):
                    found = titles(text)
                await asyncio.sleep(0.02)
    assert found == expected


async def test_there_is_nothing_to_ask_before_the_first_index(index: SearchIndex, catch_up) -> None:
    with pytest.raises(SearchNotReady):
        await index.check()
    await catch_up()
    await index.check()


async def test_changes_of_any_writer_are_found_soon(
    working, titles, take_in, write_dump, records, connection: asyncpg.Connection
) -> None:
    async with working():
        await shows(titles, "amber", [])
        await take_in(write_dump("releases", [records.release(1, "Amber"), records.release(2, "Brass")]))
        await shows(titles, "amber", ["Amber"])
        await connection.execute(
            "update albums set edits = $1, version = version + 1 where title = 'Brass'",
            b'{"title": "Copper"}',
        )
        await shows(titles, "copper", ["Copper"])
        await shows(titles, "brass", [])
        await connection.execute("delete from albums where title = 'Amber'")
        await shows(titles, "amber", [])
        assert await connection.fetchval("select count(*) from unindexed") == 0


async def test_most_changes_are_found_within_a_second(
    working, titles, take_in, write_dump, records, connection: asyncpg.Connection
) -> None:
    await take_in(write_dump("releases", [records.release(1, "Amber")]))
    waited: list[float] = []
    async with working():
        await shows(titles, "amber", ["Amber"])
        for name in ("Brass", "Copper", "Dusk", "Ember", "Fern"):
            began = time.monotonic()
            edits = msgspec.json.encode({"title": name})
            await connection.execute("update albums set edits = $1, version = version + 1", edits)
            await shows(titles, name.lower(), [name])
            waited.append(time.monotonic() - began)
    assert statistics.median(waited) < SOON_SECONDS, waited


async def test_typos_are_forgiven_in_words_that_came_later(
    titles, take_in, write_dump, records, catch_up
) -> None:
    await take_in(write_dump("releases", [records.release(1, "Amber")]))
    await catch_up()
    await take_in(write_dump("releases", [records.release(2, "Zyzzogeton")]))
    await catch_up()
    assert titles("zyzogetno") == ["Zyzzogeton"]


async def test_a_renamed_artist_is_renamed_on_albums(
    titles, index, take_in, write_dump, records, catch_up, connection: asyncpg.Connection
) -> None:
    credit = records.credit(5, "Vera")
    await take_in(write_dump("releases", [records.release(1, "Amber", artists=credit)]))
    await take_in(write_dump("artists", [records.artist(5, "Vera")]))
    await catch_up()
    await take_in(write_dump("artists", [records.artist(5, "Vera Lund")]))
    await catch_up()
    [found] = index.answer(Asked(["amber"], (HitType.ALBUM,)), 0, 5).found
    assert found.shown.subtitle == "Vera Lund"


@pytest.mark.parametrize("loss", ["folder", "pointer", "files", "database"])
async def test_what_is_lost_is_built_anew(
    loss: str, titles, take_in, write_dump, records, catch_up, settings, connection
) -> None:
    await take_in(write_dump("releases", [records.release(1, "Amber")]))
    await catch_up()
    [generation] = settings.index_path.glob("generation-*")
    if loss == "folder":
        shutil.rmtree(settings.index_path)
    elif loss == "pointer":
        (settings.index_path / "current").write_text("{")
    elif loss == "files":
        (generation / "meta.json").write_text("{")
    else:
        await connection.execute("update index_generation set name = 'of another index'")
    await catch_up()
    assert titles("amber") == ["Amber"]
    assert len(list(settings.index_path.glob("generation-*"))) == 1


async def test_readers_go_over_to_a_new_generation(
    titles, take_in, write_dump, records, catch_up, connection: asyncpg.Connection
) -> None:
    await take_in(write_dump("releases", [records.release(1, "Amber")]))
    await catch_up()
    assert titles("amber") == ["Amber"]
    await connection.execute("update index_generation set name = 'of another index'")
    await take_in(write_dump("releases", [records.release(2, "Amber Two")]))
    await catch_up()
    assert titles("amber") == ["Amber", "Amber Two"]


async def test_a_second_writer_waits_for_the_first(
    working, titles, take_in, write_dump, records, catch_up
) -> None:
    async with working():
        await shows(titles, "amber", [])
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await catch_up()
    await take_in(write_dump("releases", [records.release(1, "Amber")]))
    await catch_up()
    assert titles("amber") == ["Amber"]


async def test_the_wanted_record_comes_first_while_it_is_wanted(
    store: Store, titles, take_in, write_dump, records, catch_up, connection: asyncpg.Connection
) -> None:
    await take_in(write_dump("releases", [records.release(1, "Amber One"), records.release(2, "Amber Two")]))
    ids = dict(await connection.fetch("select title, id from albums"))
    want = WantId(new_id())

    async def tell(event: Event, version: int) -> None:
        envelope = wrap(event, aggregate_id=want, version=version, at=now())
        await dispatch(msgspec.json.encode(envelope), subscriptions(KnownKeepingService(store)))

    def wanted(album_id: UUID) -> WantChanged:
        return WantChanged(want, UserId(new_id()), AlbumId(album_id), None, None, None, [])

    for version, (event, first) in enumerate(
        [
            (wanted(ids["Amber Two"]), "Amber Two"),
            (wanted(ids["Amber One"]), "Amber One"),
            (WantRemoved(want, UserId(new_id())), None),
        ],
        start=1,
    ):
        await tell(event, version)
        await tell(wanted(ids["Amber Two"]), version=0)
        await catch_up()
        assert first in {titles("amber")[0], None}
    assert await connection.fetchval("select count(*) from known_keepings where album_id is not null") == 0
