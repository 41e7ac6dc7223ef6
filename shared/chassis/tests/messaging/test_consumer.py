"""A consumer against a real NATS: poison is set aside, an absent neighbour is waited for, replay heals."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import msgspec
import pytest

from vinyl_chassis.database import Database
from vinyl_chassis.messaging.broker import Broker
from vinyl_chassis.messaging.consumer import Consumer
from vinyl_chassis.messaging.dead_letters import DeadLetters
from vinyl_chassis.messaging.subscription import Subscription
from vinyl_contracts.envelope import Envelope, wrap
from vinyl_contracts.errors import Unavailable
from vinyl_contracts.events.rating import AlbumRatingChanged, Histogram
from vinyl_contracts.ids import AlbumId, new_id

SUBJECT = "vinyl.rating.album_rating_changed.v1"


class Ear:
    """Hears counts; fails as told."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.failures: dict[int, list[Exception]] = {}
        self.seconds_each = 0.0

    async def on_rating(self, event: AlbumRatingChanged, _envelope: Envelope) -> None:
        await asyncio.sleep(self.seconds_each)
        if self.failures.get(event.count):
            raise self.failures[event.count].pop(0)
        self.heard.append(event.count)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
async def broker(nats_url: str) -> AsyncIterator[Broker]:
    broker = Broker(nats_url, "test")
    yield broker
    await broker.close()


@pytest.fixture
async def dead_letters(clone_database: Callable[[str], str]) -> AsyncIterator[DeadLetters]:
    database = Database(clone_database("rating"))
    yield DeadLetters(database)
    await database.close()


@pytest.fixture
async def consumer(broker: Broker, dead_letters: DeadLetters, ear: Ear) -> AsyncIterator[Consumer]:
    subscriptions = [Subscription(AlbumRatingChanged, ear.on_rating)]
    consumer = Consumer("catalog", "rating", subscriptions, broker, dead_letters)
    running = asyncio.create_task(consumer.run())
    yield consumer
    running.cancel()
    await asyncio.wait([running])


async def tell(broker: Broker, *counts: int) -> None:
    jetstream = await broker.jetstream()
    for count in counts:
        event = AlbumRatingChanged(AlbumId(new_id()), count, None, None, Histogram())
        envelope = wrap(event, aggregate_id=event.album_id, version=1, at=datetime.now(UTC))
        await jetstream.publish(SUBJECT, msgspec.json.encode(envelope))


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


async def test_events_arrive_in_order(broker: Broker, consumer: Consumer, ear: Ear) -> None:
    async def all_heard() -> bool:
        return len(ear.heard) == 250

    await tell(broker, *range(250))
    await until(all_heard)
    assert ear.heard == list(range(250))


async def test_what_is_no_event_is_set_aside_at_once(
    broker: Broker, consumer: Consumer, ear: Ear, dead_letters: DeadLetters
) -> None:
    await (await broker.jetstream()).publish(SUBJECT, b'{"not":"an event"}')
    await tell(broker, 7)

    async def set_aside() -> bool:
        return await dead_letters.waiting() == 1 and ear.heard == [7]

    await until(set_aside)


async def test_a_passing_fault_is_retried_and_the_others_go_on(
    broker: Broker, consumer: Consumer, ear: Ear, dead_letters: DeadLetters
) -> None:
    ear.failures[1] = [RuntimeError("once"), RuntimeError("twice")]
    await tell(broker, 1, 2, 3)

    async def all_heard() -> bool:
        return sorted(ear.heard) == [1, 2, 3]

    await until(all_heard)
    assert ear.heard == [2, 3, 1]
    assert await dead_letters.waiting() == 0


async def test_an_absent_neighbour_never_leads_to_the_dead_letters(
    broker: Broker, consumer: Consumer, ear: Ear, dead_letters: DeadLetters
) -> None:
    ear.failures[1] = [Unavailable("away")] * 2
    await tell(broker, 1)

    async def heard() -> bool:
        return ear.heard == [1]

    await until(heard)
    assert await dead_letters.waiting() == 0


async def test_what_a_dead_consumer_had_in_hand_is_heard_soon_and_by_nobody_else_before(
    nats_url: str, dead_letters: DeadLetters, ear: Ear
) -> None:
    def heard(count: int) -> Callable[[], Awaitable[bool]]:
        async def is_heard() -> bool:
            return len(ear.heard) >= count

        return is_heard

    ear.seconds_each = 0.1
    brokers = [Broker(nats_url, "dies"), Broker(nats_url, "lives")]
    await tell(brokers[0], *range(40))
    subscriptions = [Subscription(AlbumRatingChanged, ear.on_rating)]
    dies, lives = [
        asyncio.create_task(
            Consumer("catalog", "rating", subscriptions, each, dead_letters, ack_wait_seconds=1).run()
        )
        for each in brokers
    ]
    await until(heard(25))
    assert len(set(ear.heard)) == len(ear.heard)
    dies.cancel()
    await asyncio.wait([dies])
    await brokers[0].close()
    await until(heard(40))
    assert sorted(ear.heard) == list(range(40))
    lives.cancel()
    await asyncio.wait([lives])
    await brokers[1].close()


async def test_replay_heals_what_was_set_aside(broker: Broker, dead_letters: DeadLetters, ear: Ear) -> None:
    event = AlbumRatingChanged(AlbumId(new_id()), 9, None, None, Histogram())
    envelope = wrap(event, aggregate_id=event.album_id, version=1, at=datetime.now(UTC))
    await dead_letters.keep("catalog_hears_rating", SUBJECT, msgspec.json.encode(envelope), "broken then")
    await dead_letters.keep("catalog_hears_rating", SUBJECT, b"{}", "broken for ever")
    replayed = await dead_letters.replay(
        "catalog_hears_rating", [Subscription(AlbumRatingChanged, ear.on_rating)]
    )
    assert (replayed.healed, replayed.still_failing) == (1, 1)
    assert ear.heard == [9]
    assert await dead_letters.waiting() == 1
