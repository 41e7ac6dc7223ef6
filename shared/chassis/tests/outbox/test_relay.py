"""The relay against a real Postgres and NATS: nothing is skipped, nothing goes backwards."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import msgspec
import pytest

from vinyl_chassis.database import Database
from vinyl_chassis.messaging.broker import Broker
from vinyl_chassis.outbox.outbox import Outbox
from vinyl_chassis.outbox.relay import Relay
from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.rating import AlbumRatingChanged, Histogram
from vinyl_contracts.ids import AlbumId, new_id


def summary_of(album_id: UUID, count: int) -> AlbumRatingChanged:
    return AlbumRatingChanged(AlbumId(album_id), count, None, None, Histogram())


@pytest.fixture
def url(clone_database: Callable[[str], str]) -> str:
    return clone_database("rating")


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url, pool_size=20)
    yield database
    await database.close()


@pytest.fixture
async def broker(nats_url: str) -> AsyncIterator[Broker]:
    broker = Broker(nats_url, "test")
    yield broker
    await broker.close()


@pytest.fixture
async def relays(url: str, broker: Broker) -> AsyncIterator[list[asyncio.Task[None]]]:
    running = [asyncio.create_task(Relay(url, broker).run()) for _ in range(2)]
    yield running
    for relay in running:
        relay.cancel()
    await asyncio.wait(running)


async def hear(broker: Broker, count: int) -> list[Envelope]:
    heard = await (await broker.jetstream()).subscribe("vinyl.rating.>", stream="VINYL_RATING")
    messages = [await heard.next_msg(timeout=20) for _ in range(count)]
    return [msgspec.json.decode(message.data, type=Envelope) for message in messages]


async def test_a_late_commit_is_not_skipped(database: Database, broker: Broker, relays: object) -> None:
    early, late = new_id(), new_id()
    async with database.transaction() as held:
        await Outbox(held).add(summary_of(late, 1), late, 1)
        async with database.transaction() as quick:
            await Outbox(quick).add(summary_of(early, 1), early, 1)
        assert [envelope.aggregateid for envelope in await hear(broker, 1)] == [str(early)]
    assert {envelope.aggregateid for envelope in await hear(broker, 2)} == {str(early), str(late)}


async def test_many_writers_with_two_relays_lose_and_reorder_nothing(
    database: Database, broker: Broker, relays: object
) -> None:
    aggregates, per_aggregate = [new_id() for _ in range(15)], 20

    async def write(aggregate: UUID) -> None:
        for version in range(1, per_aggregate + 1):
            async with database.transaction() as connection:
                await Outbox(connection).add(summary_of(aggregate, version), aggregate, version)
                await asyncio.sleep(random.random() * 0.02)

    await asyncio.gather(*(write(aggregate) for aggregate in aggregates))
    versions = defaultdict(list)
    for envelope in await hear(broker, len(aggregates) * per_aggregate):
        versions[envelope.aggregateid].append(envelope.aggregateversion)
    assert dict(versions) == {str(aggregate): list(range(1, per_aggregate + 1)) for aggregate in aggregates}


async def test_another_relay_takes_over(
    url: str, database: Database, broker: Broker, relays: list[asyncio.Task[None]]
) -> None:
    first, second = new_id(), new_id()
    async with database.transaction() as connection:
        await Outbox(connection).add(summary_of(first, 1), first, 1)
    assert len(await hear(broker, 1)) == 1
    relays[0].cancel()
    async with database.transaction() as connection:
        await Outbox(connection).add(summary_of(second, 1), second, 1)
    assert [envelope.aggregateid for envelope in await hear(broker, 2)] == [str(first), str(second)]


async def test_what_is_rolled_back_is_not_told(database: Database, broker: Broker, relays: object) -> None:
    told, untold = new_id(), new_id()
    with pytest.raises(RuntimeError):
        async with database.transaction() as connection:
            await Outbox(connection).add(summary_of(untold, 1), untold, 1)
            raise RuntimeError
    async with database.transaction() as connection:
        await Outbox(connection).add(summary_of(told, 1), told, 1)
    assert [envelope.aggregateid for envelope in await hear(broker, 1)] == [str(told)]
