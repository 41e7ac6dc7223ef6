"""How fast the search answers over many albums, beside Postgres over the same rows, and how fast its index is built.

    .venv/bin/python bench/search.py --albums 1000000

An answer of ours is its twenty hits, their number and seven facets; hits alone are what a box shows as one types. Of
Postgres, with a GIN index over the same texts, only the ids of the twenty best are asked for. Times are a question's
own, one after another: of the clock, and of the asking thread's processor, which other work on the machine leaves as
it is. Postgres' are of the clock.
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
from searched_catalogue import Question, fill, questions

from vinyl_catalog.domain.folding import words_of
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index.asked import Asked
from vinyl_catalog.index.building import build
from vinyl_catalog.index.generations import Generations
from vinyl_catalog.index.search_index import SearchIndex
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.database import Database
from vinyl_devstack.cloned_databases import ClonedDatabases
from vinyl_devstack.ports import free_ports
from vinyl_devstack.postgres import Postgres
from vinyl_devstack.process_group import ProcessGroup

SHOWN = 20
FULL_TEXT = """
select id from searched, to_tsquery('simple', $1) asked
where to_tsvector('simple', search_text) @@ asked
order by ts_rank(to_tsvector('simple', search_text), asked) desc limit 20
"""
TRIGRAMS = "select id from searched where search_text %> $1 order by search_text <->> $1 limit 20"
# The longest that Postgres' answers to one kind of question are waited for; at least one is.
PATIENCE_SECONDS = 15.0


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
    ours = ask_index("answers", asked, lambda words: index.answer(Asked(words, tuple(HitType)), 0, SHOWN))
    ask_index("hits alone", asked, lambda words: index.list_best(Asked(words, tuple(HitType)), 0, 10))
    for name, statement, argument, expression in (
        ("Postgres' trigrams", TRIGRAMS, " ".join, "search_text gin_trgm_ops"),
        ("Postgres' full text", FULL_TEXT, _tsquery, "to_tsvector('simple', search_text)"),
    ):
        await connection.execute(f"create index on searched using gin ({expression})")
        await connection.execute("vacuum analyze searched")
        theirs = await ask_postgres(connection, asked, statement, argument, chosen.of_postgres)
        compare(name, theirs, ours)
    await connection.close()


def run_apart(work: Callable[..., None], *arguments: object) -> None:
    """In a process of its own, whose memory and processor are nobody else's."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{work.__name__} ended with status {process.exitcode}")


def build_index(url: str, folder: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.monotonic()
    asyncio.run(_build(url, folder))
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"\nIndex of the albums, their artists and labels: {took:.1f} s, {busy:.1f} s of this process' processor,"
        f" {after.ru_maxrss / 1024:.0f} MiB resident, {size_of(folder) / 1e6:.0f} MB on disk.",
        flush=True,
    )


async def _build(url: str, folder: Path) -> None:
    database = Database(url, statement_timeout_seconds=3600)
    await build(Store(database), Generations(folder))
    await database.close()


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _tsquery(words: list[str]) -> str:
    return " & ".join(words) + ":*"


def ask_index(name: str, asked: list[Question], ask: Callable[[list[str]], object]) -> dict[str, list[Took]]:
    """By kind of question. Everything is asked once before."""
    took: dict[str, list[Took]] = {}
    for is_counted in (False, True):
        for kind, text in asked:
            began, busy = time.perf_counter(), time.thread_time()
            ask(words_of(text))
            if is_counted:
                took.setdefault(kind, []).append(_took(began, busy))
    print(f"\n{name:14} {'p50 ms':>8} {'p99 ms':>8}  of the processor: {'p50 ms':>8} {'p99 ms':>8}")
    for kind, times in took.items():
        clock, processor = zip(*times, strict=True)
        print(
            f"{kind:14} {statistics.median(clock):8.2f} {percentile(clock, 99):8.2f}"
            f" {'':18} {statistics.median(processor):8.2f} {percentile(processor, 99):8.2f}"
        )
    return took


def _took(began: float, busy: float) -> Took:
    return Took((time.perf_counter() - began) * 1000, (time.thread_time() - busy) * 1000)


async def ask_postgres(
    connection: "asyncpg.Connection[Any]",
    asked: list[Question],
    statement: str,
    argument: Callable[[list[str]], str],
    most: int,
) -> dict[str, list[float]]:
    """The first of each kind, as many as there is patience for."""
    took: dict[str, list[float]] = {}
    for kind, text in asked:
        times = took.setdefault(kind, [])
        if len(times) < most and sum(times) < PATIENCE_SECONDS * 1000:
            began = time.perf_counter()
            await connection.fetch(statement, argument(words_of(text)))
            times.append((time.perf_counter() - began) * 1000)
    return took


def compare(name: str, theirs: dict[str, list[float]], ours: dict[str, list[Took]]) -> None:
    print(f"\n{name:20} {'asked':>6} {'p50 ms':>8} {'p99 ms':>8} {'our p50':>8} {'faster':>8}", flush=True)
    for kind, took in theirs.items():
        mine = statistics.median(each.clock for each in ours[kind])
        median = statistics.median(took)
        print(
            f"{kind:20} {len(took):6} {median:8.1f} {percentile(took, 99):8.1f} {mine:8.2f} {median / mine:7.0f}x",
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
            place / "postgres", group, port=free_ports(1)[0], password=secrets.token_hex(16), durable=False
        )
        try:
            with (place / "postgres.log").open("wb") as log:
                server.wait_until_ready(server.start(log))
            asyncio.run(measure(server, place / "index", chosen))
        finally:
            group.close()


if __name__ == "__main__":
    main()
