"""What the work process does about imports that were asked for by the API."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from vinyl_catalog.domain.imports import Import, ImportOrigin, ImportState, Withdrawal
from vinyl_catalog.imports.queue import ImportQueue
from vinyl_catalog.service.imports import ImportService
from vinyl_chassis.clock import now
from vinyl_contracts.ids import ImportId, new_id


@pytest.fixture
async def queue(store, settings) -> AsyncIterator[None]:
    running = asyncio.create_task(ImportQueue(store, settings.database_url).run())
    yield
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def until_ended(imports: ImportService, import_id: ImportId) -> Import:
    async with asyncio.timeout(20):
        while True:
            found, _ = await imports.read_import(import_id)
            if found.state in (ImportState.DONE, ImportState.FAILED):
                return found
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("queue")
async def test_what_is_asked_for_is_carried_out_in_turn(store, write_dump, records, tmp_path: Path) -> None:
    imports = ImportService(store, tmp_path)
    first = await imports.request_import([write_dump("artists", [records.artist(5, "Vera")]).name])
    second = await imports.request_import([str(write_dump("artists", [records.artist(5, "Vera Lund")]))])
    assert (await until_ended(imports, first.id)).total("imported") == 1
    done = await until_ended(imports, second.id)
    assert (done.state, done.total("imported")) == (ImportState.DONE, 1)
    assert done.started_at is not None
    assert done.finished_at is not None


@pytest.mark.usefixtures("queue")
async def test_an_import_withdraws_what_it_was_asked_to(
    store, write_dump, records, connection, tmp_path: Path
) -> None:
    imports = ImportService(store, tmp_path)
    both = write_dump("releases", [records.release(1, "Light"), records.release(2, "Dark")])
    one = write_dump("releases", [records.release(1, "Light")])
    for path, withdraw, left in (
        (both, Withdrawal.NEVER, 2),
        (one, Withdrawal.FEW, 2),
        (one, Withdrawal.ALL, 1),
    ):
        asked = await imports.request_import([str(path)], withdraw)
        done = await until_ended(imports, asked.id)
        assert done.withdraw is withdraw
        assert await connection.fetchval("select count(*) from releases") == left


async def test_an_import_that_died_with_its_process_goes_on(store, settings, write_dump, records) -> None:
    path = write_dump("artists", [records.artist(5, "Vera")])
    died = Import.of(ImportId(new_id()), ImportOrigin.API, [str(path)], now()).started(now())
    killed = Import.of(ImportId(new_id()), ImportOrigin.COMMAND, [str(path)], now()).started(now())
    async with store.begin() as unit:
        await unit.imports.save(died)
        await unit.imports.save(killed)
    running = asyncio.create_task(ImportQueue(store, settings.database_url).run())
    imports = ImportService(store, None)
    assert (await until_ended(imports, died.id)).state is ImportState.DONE
    command, _ = await imports.read_import(killed.id)
    assert command.state is ImportState.FAILED
    assert command.error is not None
    assert "interrupted" in command.error
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
