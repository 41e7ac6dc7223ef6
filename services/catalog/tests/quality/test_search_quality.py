"""Whether people find what they mean: the judged questions of `queries.txt` over the demo catalogue."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from vinyl_devstack.demo.dump import write_dump
from vinyl_devstack.demo.reading import read_catalogue

QUESTIONS = Path(__file__).parent / "queries.txt"
BASE = "/api/v1"
SHOWN = 5
FIRST, AMONG_FIVE = 0.9, 0.98
FEWEST = 100


class Answer(NamedTuple):
    """`subtitle` is words of it, or nothing."""

    type: str
    title: str
    subtitle: str

    @classmethod
    def of(cls, text: str) -> "Answer":
        type_, _, what = text.strip().partition(": ")
        title, _, subtitle = what.partition(" @ ")
        return cls(type_, title, subtitle)

    def is_given_by(self, hit: dict[str, Any]) -> bool:
        is_it = (hit["type"], hit["title"]) == (self.type, self.title)
        return is_it and self.subtitle in (hit["subtitle"] or "")


def judged() -> Iterator[tuple[str, list[Answer]]]:
    for line in QUESTIONS.read_text().splitlines():
        if "|" in line and not line.startswith("#"):
            question, _, answers = line.partition(" | ")
            yield question, [Answer.of(answer) for answer in answers.split(" ;; ")]


async def test_people_find_what_they_mean(client, take_in, catch_up, tmp_path: Path) -> None:
    await take_in(*write_dump(read_catalogue(), tmp_path))
    await catch_up()
    questions = list(judged())
    places: dict[str, int] = {}
    for question, answers in questions:
        found = (await client.get(f"{BASE}/search", params={"q": question, "limit": SHOWN})).json()["items"]
        fitting = [place for place, hit in enumerate(found) if any(each.is_given_by(hit) for each in answers)]
        places[question] = min(fitting, default=SHOWN)
    missed = {question: place for question, place in places.items() if place > 0}
    assert len(questions) >= FEWEST
    assert sum(place == 0 for place in places.values()) >= FIRST * len(places), missed
    assert sum(place < SHOWN for place in places.values()) >= AMONG_FIVE * len(places), missed
