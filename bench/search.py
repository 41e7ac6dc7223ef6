"""How fast the search answers over many albums, beside Postgres over the same rows, and how fast its index is built.

    .venv/bin/python bench/search.py --albums 1000000

The rows are made straight in the tables of a database of its own: titles of one to four words out of 60,000, few
artists with most of the albums, few albums with most of the pressings (Zipf all three). An answer of ours counts types and facets and holds its twenty hits; of Postgres
only the twenty best are asked for.
"""

import argparse
import asyncio
import itertools
import random
import resource
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from dumps import COUNTRIES, GENRES, WORDS

from vinyl_catalog.domain.facts import ReleaseFacts, SourceCredit
from vinyl_catalog.domain.folding import words_of
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index.building import build
from vinyl_catalog.index.generations import Generations
from vinyl_catalog.index.search_index import Asked, SearchIndex
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.database import Database
from vinyl_devstack.cloned_databases import ClonedDatabases
from vinyl_devstack.ports import free_ports
from vinyl_devstack.postgres import Postgres
from vinyl_devstack.process_group import ProcessGroup

SHOWN = 20
SYLLABLES = (
    "ka ro mi den sol ta vel no ri shan bel lo qua dra fen ost ul wyn pe gra thi zo lu mar sten".split()
)
TIMES = "created_at", "updated_at"
ARTIST = ("id", "discogs_artist_id", "name", "sort_name", "search_text", "version", *TIMES)
RELEASE = (
    *("id", "discogs_release_id", "album_id", "title", "year", "released_order", "country", "formats"),
    *("catalog_numbers", "barcodes", "codes", "tags", "document", "version", *TIMES),
)
ALBUM = (
    *(
        "id",
        "discogs_release_id",
        "lead_release_id",
        "release_count",
        "title",
        "sort_title",
        "year",
        "own_tags",
    ),
    *("tags", "search_text", "version", *TIMES),
)
BATCH = 20_000
FULL_TEXT = """
select id from albums, to_tsquery('simple', $1) asked
where to_tsvector('simple', search_text) @@ asked
order by ts_rank(to_tsvector('simple', search_text), asked) desc limit 20
"""
TRIGRAMS = "select id from albums where search_text %> $1 order by search_text <->> $1 limit 20"


class Question(NamedTuple):
    kind: str
    text: str


class Catalogue:
    """Albums by artists, each with one release."""

    def __init__(self, albums: int, seed: int) -> None:
        self._chance = random.Random(seed)
        self.albums = albums
        made = (
            "".join(self._chance.choices(SYLLABLES, k=self._chance.randint(1, 4))) for _ in range(120_000)
        )
        self._words = list(dict.fromkeys([*WORDS, *made]))[:60_000]
        self._shares = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(self._words))))
        self._artists = [self._some(2) for _ in range(max(10, albums // 3))]

    def _some(self, most: int) -> str:
        chosen = self._chance.choices(self._words, cum_weights=self._shares, k=self._chance.randint(1, most))
        return " ".join(chosen).title()

    def artists(self) -> Iterator[tuple[Any, ...]]:
        for number, name in enumerate(self._artists, start=1):
            text = " ".join(words_of(name))
            yield (_id(1, number), number, name, text, text, 1, *_NOW)

    def rows(self) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
        for number in range(1, self.albums + 1):
            artist = min(len(self._artists), int(len(self._artists) ** self._chance.random()))
            yield self._album(number, artist, self._some(4))

    def _album(self, number: int, artist: int, title: str) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        genre = self._chance.choice(list(GENRES))
        country, year = self._chance.choice(COUNTRIES), self._chance.randint(1955, 2024)
        own = [f"genre:{genre}", f"style:{self._chance.choice(GENRES[genre])}", f"artist:{artist}"]
        tags = ["format:Vinyl", "format:LP", f"country:{country}", f"label:{number % 50_000}"]
        folded = " ".join(words_of(title))
        words = dict.fromkeys([*folded.split(), *words_of(self._artists[artist - 1])])
        facts = ReleaseFacts(number, title, artists=(SourceCredit(self._artists[artist - 1], artist),))
        release = _id(3, number)
        pressing = (release, number, _id(2, number), title, year, year * 10_000, country, ["Vinyl"])
        album = (
            _id(2, number),
            number,
            release,
            min(1000, int(1 / (1 - self._chance.random()))),
            title,
            folded,
        )
        return (
            (*pressing, [], [], [], tags, msgspec.json.encode(facts), 1, *_NOW),
            (*album, year, own, [*own, *tags], " ".join(words), 1, *_NOW),
        )

    def questions(self, titles: list[str], each: int) -> list[Question]:
        """Out of titles that are there."""
        words = [title.split() for title in titles]
        long = [title for title in words if len(title) > 1 and len(title[0]) > 3]
        whole = self._chance.choices(words, k=each)
        return [
            *(Question("one word", self._chance.choice(title)) for title in whole),
            *(Question("two words", " ".join(title[:2])) for title in self._chance.choices(long, k=each)),
            *(Question("three words", " ".join(title[:3])) for title in self._chance.choices(long, k=each)),
            *(Question("prefix", self._begun(title)) for title in self._chance.choices(words, k=each)),
            *(Question("one typo", self._mistyped(title)) for title in self._chance.choices(long, k=each)),
        ]

    def _begun(self, title: list[str]) -> str:
        text = " ".join(title[:2])
        return text[: self._chance.randint(2, max(2, len(text) - 1))].strip()

    def _mistyped(self, title: list[str]) -> str:
        text = list(" ".join(title[:2]))
        text[self._chance.randrange(1, 4)] = self._chance.choice("bcdfghjklmnprstvwxz")
        return "".join(text)


_NOW = (datetime(2026, 1, 1, tzinfo=UTC),) * 2


def _id(kind: int, number: int) -> UUID:
    return UUID(int=kind << 96 | number << 16)


async def fill(connection: "asyncpg.Connection[Any]", catalogue: Catalogue) -> None:
    await connection.copy_records_to_table("artists", records=catalogue.artists(), columns=ARTIST)
    rows = catalogue.rows()
    while batch := list(itertools.islice(rows, BATCH)):
        releases, albums = zip(*batch, strict=True)
        await connection.copy_records_to_table("releases", records=releases, columns=RELEASE)
        await connection.copy_records_to_table("albums", records=albums, columns=ALBUM)
    await connection.execute("select gin_clean_pending_list('albums_by_tag')")  # as an import does at its end
    await connection.execute("analyze")


async def measure(database_url: str, folder: Path, chosen: argparse.Namespace) -> None:
    catalogue = Catalogue(chosen.albums, seed=1)
    connection = await asyncpg.connect(database_url, command_timeout=3600)
    await fill(connection, catalogue)
    database, generations = Database(database_url, statement_timeout_seconds=3600), Generations(folder)
    began, busy = time.monotonic(), time.process_time()
    await build(Store(database), generations)
    print(
        f"\nIndex of {chosen.albums:,} albums and their artists: {time.monotonic() - began:.1f} s,"
        f" {time.process_time() - busy:.1f} s of processor,"
        f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB resident,"
        f" {size_of(folder) / 1e6:.0f} MB on disk."
    )
    await database.close()
    sample = await connection.fetch("select title from albums tablesample system (1) limit 20000")
    questions = catalogue.questions([row["title"] for row in sample], chosen.questions)
    ours = ask_index(SearchIndex(generations), questions)
    for name, statement, argument in (
        ("to_tsvector('simple', search_text)", FULL_TEXT, _tsquery),
        ("search_text gin_trgm_ops", TRIGRAMS, " ".join),
    ):
        await connection.execute(f"create index on albums using gin ({name})")
        theirs = await ask_postgres(connection, questions, statement, argument, chosen.of_postgres)
        compare("Postgres' full text" if statement is FULL_TEXT else "Postgres' trigrams", theirs, ours)
    await connection.close()


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _tsquery(words: list[str]) -> str:
    return " & ".join(words) + ":*"


def ask_index(index: SearchIndex, questions: list[Question]) -> dict[str, list[float]]:
    def answer(words: list[str]) -> None:
        index.answer(Asked(words, tuple(HitType)), 0, SHOWN)

    def suggest(words: list[str]) -> None:
        index.suggest(Asked(words, tuple(HitType)), 10)

    timed = {name: time_each(questions, ask) for name, ask in (("answers", answer), ("suggestions", suggest))}
    for name, times in timed.items():
        print(f"\n{name:14} {'p50 ms':>8} {'p99 ms':>8} {'most':>8}")
        for kind, took in times.items():
            print(f"{kind:14} {statistics.median(took):8.2f} {percentile(took, 99):8.2f} {max(took):8.2f}")
    return timed["answers"]


def time_each(questions: list[Question], ask: Callable[[list[str]], None]) -> dict[str, list[float]]:
    """Milliseconds, by kind of question. Everything is asked once before."""
    took: dict[str, list[float]] = {}
    for is_counted in (False, True):
        for kind, text in questions:
            began = time.perf_counter()
            ask(words_of(text))
            if is_counted:
                took.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
    return took


async def ask_postgres(
    connection: "asyncpg.Connection[Any]",
    questions: list[Question],
    statement: str,
    argument: Callable[[list[str]], str],
    most: int,
) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {}
    for kind, text in questions:
        if len(took.setdefault(kind, [])) < most:
            began = time.perf_counter()
            await connection.fetch(statement, argument(words_of(text)))
            took[kind].append((time.perf_counter() - began) * 1000)
    return took


def compare(name: str, theirs: dict[str, list[float]], ours: dict[str, list[float]]) -> None:
    print(f"\n{name:20} {'p50 ms':>8} {'p99 ms':>8} {'ours p50':>9} {'faster':>7} {'mean':>7}")
    for kind, took in theirs.items():
        mine = statistics.median(ours[kind])
        print(
            f"{kind:20} {statistics.median(took):8.1f} {percentile(took, 99):8.1f} {mine:9.2f}"
            f" {statistics.median(took) / mine:6.0f}x {statistics.fmean(took) / statistics.fmean(ours[kind]):6.0f}x"
        )


def percentile(values: list[float], share: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * share // 100)]


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
            _, url = ClonedDatabases(server).clone("catalog")
            asyncio.run(measure(url, place / "index", chosen))
        finally:
            group.close()


if __name__ == "__main__":
    main()
