"""How fast the search answers over many albums, beside Postgres over the same rows, and how fast its index is built.

    .venv/bin/python bench/search.py --albums 1000000

An answer of ours is its twenty hits, their number and seven facets; hits alone are what a box shows as one types. Of
Postgres, with a GIN index over the same texts, only the ids of the twenty best are asked for, and then ours for the
same. Times are a question's own, one after another: of the clock, and of the asking thread's processor, which
other work on the machine hardly changes.
"""

import argparse
import asyncio
import multiprocessing
import resource
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import msgspec
from searched_catalogue import Question, fill, questions

from vinyl_catalog.domain.folding import words_of
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index.asked import Asked
from vinyl_catalog.index.building import build
from vinyl_catalog.index.generations import Generations
from vinyl_catalog.index.indexer import Indexer
from vinyl_catalog.index.search_index import SearchIndex
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.database import Database
from vinyl_devstack.cloned_databases import ClonedDatabases
from vinyl_devstack.ports import free_ports
from vinyl_devstack.postgres import Postgres
from vinyl_devstack.process_group import ProcessGroup

SHOWN = 20
# As `make dev` gives a machine of 8 GB or more.
BUFFERS_MIB = 1024
FULL_TEXT = """
select id from searched, to_tsquery('simple', $1) asked
where to_tsvector('simple', search_text) @@ asked
order by ts_rank(to_tsvector('simple', search_text), asked) desc limit 20
"""
TRIGRAMS = "select id from searched where search_text %> $1 order by search_text <->> $1 limit 20"
# The longest that Postgres' answers to one kind of question are waited for; at least one is.
PATIENCE_SECONDS = 15.0
WHOSE = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
Ask = Callable[[list[str]], object]


class Took(NamedTuple):
    """Milliseconds of one answer."""

    clock: float
    processor: float


async def measure(server: Postgres, folder: Path, chosen: argparse.Namespace) -> None:
    _, url = ClonedDatabases(server).clone("catalog")
    connection = await asyncpg.connect(url, command_timeout=3600)
    print(f"Tables of {chosen.albums:,} albums:", flush=True)
    await fill(connection, chosen.albums)
    titles = [
        row[0] for row in await connection.fetch("select name from titles order by random() limit 20000")
    ]
    asked = list(questions(titles, chosen.questions))
    await asyncio.to_thread(run_apart, build_index, url, folder)
    index = SearchIndex(Generations(folder))
    ours: list[Ask] = [
        lambda words: index.answer(Asked(words, tuple(HitType)), 0, SHOWN),
        lambda words: index.list_best(Asked(words, tuple(HitType)), 0, SHOWN),
    ]
    for title, ask in zip(("answers", "hits alone"), ours, strict=True):
        ask_index(title, asked, ask)
    await ask_while_changed(connection, url, folder, index)
    for name, statement, argument, expression in (
        ("Postgres' trigrams", TRIGRAMS, " ".join, "search_text gin_trgm_ops"),
        ("Postgres' full text", FULL_TEXT, _tsquery, "to_tsvector('simple', search_text)"),
    ):
        await connection.execute(f"create index on searched using gin ({expression})")
        await connection.execute("vacuum analyze searched")
        took = await ask_both(connection, statement, argument, asked, ours, chosen.of_postgres)
        compare(name, took)
    await connection.close()


def run_apart(work: Callable[..., None], *arguments: object) -> None:
    """In a process of its own, whose memory and processor are nobody else's."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{work.__name__} ended with status {process.exitcode}")


def build_index(url: str, folder: Path) -> None:
    before = processor_seconds()
    began = time.monotonic()
    asyncio.run(_build(url, folder))
    took = time.monotonic() - began
    writing, reading = (after - former for after, former in zip(processor_seconds(), before, strict=True))
    resident = [resource.getrusage(who).ru_maxrss / 1024 for who in WHOSE]
    print(
        f"\nIndex of the albums, their artists and labels: {took:.1f} s; the process that writes {writing:.1f} s of"
        f" processor and {resident[0]:.0f} MiB resident, the one that reads {reading:.1f} s and"
        f" {resident[1]:.0f} MiB; {size_of(folder) / 1e6:.0f} MB on disk.",
        flush=True,
    )


def processor_seconds() -> list[float]:
    return [usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, WHOSE)]


async def _build(url: str, folder: Path) -> None:
    database = Database(url, statement_timeout_seconds=3600)
    await build(Store(database), url, Generations(folder))
    await database.close()


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _tsquery(words: list[str]) -> str:
    return " & ".join(words) + ":*"


def ask_index(title: str, asked: list[Question], ask: Ask) -> None:
    """Everything is asked once before."""
    for _, text in asked:
        ask(words_of(text))
    took: dict[str, list[Took]] = {}
    for kind, text in asked:
        took.setdefault(kind, []).append(_timed(ask, words_of(text)))
    print(f"\n{title:14} {'p50 ms':>8} {'p99 ms':>8}  of the processor: {'p50 ms':>8} {'p99 ms':>8}")
    for kind, times in took.items():
        clock, processor = zip(*times, strict=True)
        print(
            f"{kind:14} {statistics.median(clock):8.2f} {percentile(clock, 99):8.2f}"
            f" {'':18} {statistics.median(processor):8.2f} {percentile(processor, 99):8.2f}",
            flush=True,
        )


def _timed(ask: Ask, words: list[str]) -> Took:
    began, busy = time.perf_counter(), time.thread_time()
    ask(words)
    return Took((time.perf_counter() - began) * 1000, (time.thread_time() - busy) * 1000)


async def ask_while_changed(
    connection: "asyncpg.Connection[Any]", url: str, folder: Path, index: SearchIndex
) -> None:
    """How long after an album's new title was committed it is found by that."""
    await connection.execute("alter table albums enable trigger user")
    albums = await connection.fetch(
        "select id from albums tablesample system (0.1) order by random() limit 20"
    )
    database = Database(url)
    writing = asyncio.create_task(Indexer(Store(database), url, Generations(folder)).run())
    waited = []
    for number, (album,) in enumerate(albums):
        title = f"xyzzy{number}"
        edits = msgspec.json.encode({"title": title})
        await connection.execute(
            "update albums set edits = $1, version = version + 1 where id = $2", edits, album
        )
        began = time.perf_counter()
        asked = Asked([title], (HitType.ALBUM,), ids=[album.hex])
        while not index.list_best(asked, 0, 1):  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.005)
        waited.append(time.perf_counter() - began)
    writing.cancel()
    await asyncio.wait([writing])
    await database.close()
    print(f"\nFound after a change: {statistics.median(waited):.2f} s (median), {max(waited):.2f} s at most.")


async def ask_both(
    connection: "asyncpg.Connection[Any]",
    statement: str,
    argument: Callable[[list[str]], str],
    asked: list[Question],
    ours: list[Ask],
    most: int,
) -> dict[str, list[tuple[float, ...]]]:
    """Milliseconds of Postgres, of our answer and of our hits alone, to the first questions of each kind, as many
    as there is patience for: all to the one, then all to the other."""
    took: dict[str, list[tuple[float, ...]]] = {}
    for kind in dict.fromkeys(question.kind for question in asked):
        texts = [words_of(question.text) for question in asked if question.kind == kind][:most]
        theirs: list[float] = []
        for words in texts:
            if sum(theirs) < PATIENCE_SECONDS * 1000:
                began = time.perf_counter()
                await connection.fetch(statement, argument(words))
                theirs.append((time.perf_counter() - began) * 1000)
        both = ([_timed(ask, words).clock for words in texts[: len(theirs)]] for ask in ours)
        took[kind] = list(zip(theirs, *both, strict=True))
    return took


def compare(name: str, took: dict[str, list[tuple[float, ...]]]) -> None:
    columns = (
        f"{'asked':>6} {'p50 ms':>8} {'p99 ms':>8} {'answers':>9} {'faster':>8} {'hits':>8} {'faster':>8}"
    )
    print(f"\n{name:20} {columns}", flush=True)
    for kind, times in took.items():
        theirs, answers, hits = (statistics.median(each) for each in zip(*times, strict=True))
        most = percentile([each[0] for each in times], 99)
        print(
            f"{kind:20} {len(times):6} {theirs:8.1f} {most:8.1f}"
            f" {answers:9.2f} {theirs / answers:7.0f}x {hits:8.2f} {theirs / hits:7.0f}x",
            flush=True,
        )


def percentile(values: Any, share: int) -> float:
    return float(sorted(values)[min(len(values) - 1, len(values) * share // 100)])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--albums", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=400, help="of each kind")
    parser.add_argument("--of-postgres", type=int, default=40, help="of each kind, to Postgres")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vinyl-bench-") as folder:
        place = Path(folder)
        place.chmod(0o711)
        group = ProcessGroup()
        server = Postgres(
            place / "postgres",
            group,
            port=free_ports(1)[0],
            password=secrets.token_hex(16),
            durable=False,
            buffers_mib=BUFFERS_MIB,
        )
        try:
            with (place / "postgres.log").open("wb") as log:
                server.wait_until_ready(server.start(log))
            asyncio.run(measure(server, place / "index", chosen))
        finally:
            group.close()


if __name__ == "__main__":
    main()
