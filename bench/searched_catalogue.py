"""The catalogue that `search.py` searches: rows made in the tables themselves, and questions out of its titles.

Titles of one to four words and artists of one or two out of 40,000 words, few artists with most of the albums, few
albums with most of the pressings (Zipf all three); 50,000 labels. Every album has one release, and no tracks.
"""

import random
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, NamedTuple

from dumps import COUNTRIES, GENRES, WORDS

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[Any]

SYLLABLES = (
    "ka ro mi den sol ta vel no ri shan bel lo qua dra fen ost ul wyn pe gra thi zo lu mar sten".split()
)
VOCABULARY = 40_000
LABELS = 50_000
STEPS = Path(__file__).with_suffix(".sql")
FILLED = ("artists", "labels", "albums", "releases", "tag_counts")
NOT_UNIQUE = """
select indexrelid::regclass::text from pg_index
where indrelid = any($1::regclass[]) and not indisunique
"""


class Question(NamedTuple):
    kind: str
    text: str


async def fill(connection: "Connection", albums: int) -> None:
    """As an import leaves the tables, but that of the indexes only that on tags and the unique ones are there."""
    for table in FILLED:
        await connection.execute(f"alter table {table} disable trigger user")
    for (index,) in await connection.fetch(NOT_UNIQUE, list(FILLED)):
        await connection.execute(f"drop index {index}")
    styles = [(genre, style) for genre, names in GENRES.items() for style in names]
    await _keep(connection, "words", ("word_number", "word"), [(word,) for word in words()])
    await _keep(connection, "styles", ("style_number", "genre", "style"), styles)
    await _keep(connection, "countries", ("country_number", "country"), [(each,) for each in COUNTRIES])
    artists = max(10, albums // 3)
    text = Template(STEPS.read_text()).substitute(
        albums=albums,
        artists=artists,
        labels=LABELS,
        vocabulary=VOCABULARY,
        styles=len(styles),
        countries=len(COUNTRIES),
    )
    for step in re.split("^-- ", text, flags=re.MULTILINE)[2:]:
        name, _, statements = step.partition("\n")
        began = time.monotonic()
        for statement in re.findall(r"\S.*?;$", statements, flags=re.MULTILINE | re.DOTALL):
            await connection.execute(statement)
        print(f"  {name}: {time.monotonic() - began:.1f} s", flush=True)


def words() -> list[str]:
    chance = random.Random(1)
    made = ("".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(4 * VOCABULARY))
    return list(dict.fromkeys([*WORDS, *made]))[:VOCABULARY]


async def _keep(
    connection: "Connection", table: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]
) -> None:
    """Numbered, in the first of the columns."""
    number, *texts = columns
    kinds = ", ".join(f"{text} text" for text in texts)
    await connection.execute(f"create unlogged table {table} ({number} integer primary key, {kinds})")
    numbered = [(at, *row) for at, row in enumerate(rows, start=1)]
    await connection.copy_records_to_table(table, records=numbered)


def questions(titles: list[str], each: int) -> Iterator[Question]:
    """Out of titles that are there."""
    chance = random.Random(2)
    split = [title.split() for title in titles]
    long = [title for title in split if len(title) > 1 and len(title[0]) > 3]
    longer = [title for title in long if len(title) > 2]
    for _ in range(each):
        yield Question("one word", chance.choice(chance.choice(split)))
        yield Question("two words", " ".join(chance.choice(long)[:2]))
        yield Question("three words", " ".join(chance.choice(longer)[:3]))
        text = " ".join(chance.choice(split)[:2])
        yield Question("prefix", text[: chance.randint(2, max(2, len(text) - 1))].strip())
        yield Question("one typo", _mistyped(chance, " ".join(chance.choice(long)[:2])))


def _mistyped(chance: random.Random, text: str) -> str:
    letters = list(text)
    letters[chance.randrange(1, 4)] = chance.choice("bcdfghjklmnprstvwxz")
    return "".join(letters)
