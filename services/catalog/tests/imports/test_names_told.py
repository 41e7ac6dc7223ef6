"""That caches in front are told which artists and labels an import shows otherwise."""

import asyncpg
import msgspec

from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.catalog import AnswersOutdated

_PARENT = '<parentLabel id="70">Moss Group</parentLabel>'


async def take_told(connection: asyncpg.Connection) -> set[str]:
    """The names that were told since the last time, with Discogs' numbers instead of ids."""
    rows = await connection.fetch(
        "with taken as (delete from outbox returning *) select envelope from taken"
        " where subject = 'vinyl.catalog.answers_outdated.v1'"
    )
    envelopes = [msgspec.json.decode(row["envelope"], type=Envelope) for row in rows]
    names = [
        name for each in envelopes for name in msgspec.json.decode(each.data, type=AnswersOutdated).names
    ]
    numbers = {}
    for kind in ("artist", "label"):
        found = await connection.fetch(f"select id, discogs_{kind}_id as number from {kind}s")  # noqa: S608
        numbers |= {f"{kind}-{row['id']}": f"{kind} {row['number']}" for row in found}
    assert len(set(names)) == len(names)
    return {numbers.get(name, name) for name in names}


async def test_labels_that_change_are_told_with_those_above_and_below(
    take_in, write_dump, records, connection
) -> None:
    def labels(name: str, group: str) -> object:
        return write_dump(
            "labels",
            [records.label(7, name, more=_PARENT), records.label(8, "Fern"), records.label(70, group)],
        )

    await take_in(labels("Moss", "Moss Group"))
    await take_told(connection)
    await take_in(labels("Moss", "Moss Group"))
    assert await take_told(connection) == set()
    await take_in(labels("Moss Records", "Moss Group"))
    assert await take_told(connection) == {"label 7", "label 70", "albums"}
    await take_in(labels("Moss Records", "The Group"))
    assert await take_told(connection) == {"label 7", "label 70", "albums"}
    await take_in(write_dump("labels", [records.label(9, "Lichen", more=_PARENT)]))
    assert await take_told(connection) == {"label 70", "albums"}


async def test_artists_that_change_are_told_and_new_ones_are_not(
    take_in, write_dump, records, connection
) -> None:
    await take_in(write_dump("artists", [records.artist(5, "Vera"), records.artist(6, "Ida")]))
    assert await take_told(connection) == set()
    await take_in(write_dump("artists", [records.artist(5, "Vera Lund"), records.artist(6, "Ida")]))
    assert await take_told(connection) == {"artist 5", "artists"}
