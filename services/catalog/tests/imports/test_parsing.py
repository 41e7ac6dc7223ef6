"""Two processes that read one file find what one would."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from vinyl_catalog.imports.kinds import RecordKind
from vinyl_catalog.imports.parsing import parsing

MANY = 3_700
REPEATED = "the file has a record of this id before; the first one counts"
ONE, TWO = 1 << 40, 0


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Four batches; in each a record without a title, and one that a batch before had."""
    written = []
    for number in range(1, MANY + 1):
        title = "" if number % 700 == 0 else f"<title>Light {number}</title>"
        shown = number - 1_200 if number % 900 == 0 and number > 1_200 else number
        written.append(f'<release id="{shown}">{title}</release>')
    path = tmp_path / "dump.xml"
    path.write_text(f"<releases>{''.join(written)}</releases>")
    return path


async def all_known(_kind: RecordKind, ids: Sequence[int]) -> dict[int, bytes | None]:
    return dict.fromkeys(ids)


async def read(
    dump: Path, fewest_bytes_for_two: int, to_pass: int = 0
) -> tuple[list[int], list[str], list[int]]:
    """The ids in order, why others were set aside, and which of some ids nobody had."""
    ids, reasons = [], []
    async with parsing(fewest_bytes_for_two) as file:
        await file.open(str(dump), None)
        async for batch, prepared in file.batches(to_pass, all_known):
            assert batch.size == len(prepared.rows) + len(prepared.rejects)
            ids += [row.discogs_id for row in prepared.rows]
            reasons += [reject.reason for reject in prepared.rejects]
        return ids, reasons, await file.missing(range(1, MANY + 10))


async def test_they_give_every_record_once_and_in_order(dump: Path) -> None:
    alone = await read(dump, ONE)
    together = await read(dump, TWO)
    assert together == alone
    ids, reasons, missing = together
    assert ids == sorted(ids)
    assert (len(ids), reasons.count(REPEATED), reasons.count("the title is missing")) == (MANY - 8, 3, 5)
    assert missing == [1_800, 2_700, 3_600, *range(MANY + 1, MANY + 10)]


@pytest.mark.parametrize("to_pass", [1, 999, 1_000, 1_001, 2_500, MANY])
async def test_they_go_on_where_an_import_was_interrupted(dump: Path, to_pass: int) -> None:
    assert await read(dump, TWO, to_pass) == await read(dump, ONE, to_pass)


@pytest.fixture
def cut_dump(dump: Path) -> Path:
    whole = dump.read_bytes()
    dump.write_bytes(whole[: len(whole) * 2 // 3])
    return dump


async def test_a_file_that_breaks_off_is_read_as_far_as_it_goes(cut_dump: Path) -> None:
    async with parsing(TWO) as file:
        await file.open(str(cut_dump), None)
        read = 0
        async for batch, _ in file.batches(0, all_known):
            read += batch.size
        assert 2_300 < read < 2_600
        assert await file.broken() == "the file ends early: it is cut off"
