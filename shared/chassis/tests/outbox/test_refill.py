"""A broker whose disk vanished, or came back from before, has every event again."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import nats.errors
import pytest
from nats.js.errors import Error as JetStreamError

from vinyl_chassis.database import Database
from vinyl_chassis.messaging.broker import Broker
from vinyl_chassis.outbox.outbox import Outbox
from vinyl_chassis.outbox.relay import Relay
from vinyl_contracts.events.rating import AlbumRatingChanged, Histogram
from vinyl_contracts.ids import AlbumId, new_id
from vinyl_devstack.nats import Nats
from vinyl_devstack.process_group import ProcessGroup


class Disk:
    """A NATS server that can be stopped, and what it stored be deleted or exchanged meanwhile."""

    def __init__(self, folder: Path, group: ProcessGroup) -> None:
        self.folder = folder
        self.server = Nats(folder, group, password="known to the test")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = self.server.start(subprocess.DEVNULL)
        self.server.wait_until_ready(self._process)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(10)


@pytest.fixture
def disk(tmp_path: Path, process_group: ProcessGroup) -> Iterator[Disk]:
    disk = Disk(tmp_path / "nats", process_group)
    disk.start()
    yield disk
    disk.stop()


@pytest.fixture
async def broker(disk: Disk) -> AsyncIterator[Broker]:
    broker = Broker(disk.server.url, "test")
    yield broker
    await broker.close()


@pytest.fixture
async def database(clone_database: Callable[[str], str], broker: Broker) -> AsyncIterator[Database]:
    """With a relay running beside it."""
    url = clone_database("rating")
    database = Database(url, pool_size=5)
    relay = asyncio.create_task(Relay(url, broker).run())
    yield database
    relay.cancel()
    await asyncio.wait([relay])
    await database.close()


async def tell(database: Database, count: int) -> set[str]:
    albums = [new_id() for _ in range(count)]
    async with database.transaction() as connection:
        for album in albums:
            event = AlbumRatingChanged(AlbumId(album), 1, None, None, Histogram())
            await Outbox(connection).add(event, album, 1)
    return {str(album) for album in albums}


async def told(broker: Broker) -> set[str]:
    """The aggregates of all that is in the stream."""
    jetstream = await broker.jetstream()
    state = (await jetstream.stream_info("VINYL_RATING")).state
    messages = [
        await jetstream.get_msg("VINYL_RATING", number)
        for number in range(state.first_seq, state.last_seq + 1)
    ]
    return {(message.data or b"").decode().split('"aggregateid":"')[1][:36] for message in messages}


async def until_told(broker: Broker, albums: set[str]) -> None:
    async with asyncio.timeout(20):
        while True:
            with suppress(nats.errors.Error, JetStreamError, TimeoutError):
                if albums <= await told(broker):
                    return
            await asyncio.sleep(0.1)


async def test_a_vanished_disk_is_refilled(disk: Disk, broker: Broker, database: Database) -> None:
    before = await tell(database, 20)
    await until_told(broker, before)
    disk.stop()
    shutil.rmtree(disk.folder / "jetstream")
    meanwhile = await tell(database, 5)
    disk.start()
    await until_told(broker, before | meanwhile)


async def test_a_disk_from_before_is_refilled(disk: Disk, broker: Broker, database: Database) -> None:
    early = await tell(database, 3)
    await until_told(broker, early)
    disk.stop()
    shutil.copytree(disk.folder, disk.folder.with_name("backup"))
    disk.start()
    late = await tell(database, 5)
    await until_told(broker, late)
    disk.stop()
    shutil.rmtree(disk.folder)
    disk.folder.with_name("backup").rename(disk.folder)
    disk.start()
    await until_told(broker, early | late)


async def test_a_relay_that_starts_later_refills_too(
    clone_database: Callable[[str], str], disk: Disk, broker: Broker
) -> None:
    url = clone_database("rating")
    database = Database(url, pool_size=5)
    first = asyncio.create_task(Relay(url, broker).run())
    before = await tell(database, 4)
    await until_told(broker, before)
    first.cancel()
    await asyncio.wait([first])
    await (await broker.jetstream()).delete_stream("VINYL_RATING")
    await broker.ensure_streams()
    second = asyncio.create_task(Relay(url, broker).run())
    await until_told(broker, before)
    second.cancel()
    await asyncio.wait([second])
    await database.close()
