"""Of words that are everywhere the best known are ranked; what is rare stays exact."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest

from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index.asked import Asked
from vinyl_catalog.index.entries import Entry, Shown, document_of
from vinyl_catalog.index.generations import Generations
from vinyl_catalog.index.search_index import Answer, Found, SearchIndex
from vinyl_catalog.index.writing import GenerationWriter

ALBUMS = 31_000
CALLED_SO = UUID(int=ALBUMS)
PAGE = 100


def entries() -> Iterator[Entry]:
    """All with the word "love", the best known first, and the least known called nothing but that."""
    for number in range(ALBUMS):
        yield entry(UUID(int=number), f"love w{number % 100}", fame=60_000 // (number + 1))
    yield entry(CALLED_SO, "love", fame=0)


def entry(id_: UUID, title: str, fame: int) -> Entry:
    shown = Shown(HitType.ALBUM, id_, title, None, id_, 1971)
    genre = "Rock" if id_.int % 2 else "Jazz"
    return Entry(id_, shown, [title], ["someone"], fame, {"genre": [genre]}, ["Moss"])


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    generations = Generations(tmp_path_factory.mktemp("index"))
    name = generations.make()
    writer = GenerationWriter(generations.folder_of(name), is_new=True)
    writer.add(map(document_of, entries()))
    writer.commit()
    writer.add_spellings()
    writer.commit()
    writer.finish()
    generations.publish(name)
    return SearchIndex(generations)


def ask(index: SearchIndex, text: str, offset: int = 0, limit: int = PAGE) -> Answer:
    return index.answer(Asked(text.split(), tuple(HitType)), offset, limit)


def ids(found: Sequence[Found]) -> list[int]:
    return [each.shown.id.int for each in found]


def test_the_best_known_come_first_after_what_is_called_so(index: SearchIndex) -> None:
    answer = ask(index, "love")
    assert ids(answer.found) == [CALLED_SO.int, *range(PAGE - 1)]
    assert not answer.was_forgiving


def test_the_total_is_an_estimate_and_facets_count_the_best_known(index: SearchIndex) -> None:
    answer = ask(index, "love")
    assert answer.total == pytest.approx(ALBUMS, rel=0.1)
    [albums] = answer.facets["type"]
    assert PAGE <= albums.count < ALBUMS / 10
    assert {facet.value for facet in answer.facets["genre"]} == {"Rock", "Jazz"}
    assert sum(facet.count for facet in answer.facets["genre"]) == albums.count


def test_pages_go_on_behind_the_best_known_without_gap_or_repeat(index: SearchIndex) -> None:
    [best_known] = ask(index, "love").facets["type"]
    pages = [ids(ask(index, "love", offset).found) for offset in range(0, 2 * best_known.count, PAGE)]
    seen = [id_ for page in pages for id_ in page]
    assert len(seen) == len(set(seen)) == len(pages) * PAGE
    assert set(range(best_known.count)) <= set(seen)


def test_lists_go_the_same_way(index: SearchIndex) -> None:
    asked = Asked(["love"], (HitType.ALBUM,))
    assert ids(index.list_best(asked, 40, 80)) == ids(ask(index, "love", 40, 80).found)


def test_what_is_rarer_is_counted_and_ranked_whole(index: SearchIndex) -> None:
    answer = ask(index, "love w7")
    assert answer.total == 11 * ALBUMS // 100  # w7, and w70 to w79 that begin so
    assert ids(answer.found[:3]) == [7, 107, 207]


def test_typos_are_forgiven_in_the_most_frequent_word(index: SearchIndex) -> None:
    answer = ask(index, "lvoe", limit=3)
    assert answer.was_forgiving
    assert ids(answer.found) == [0, 1, 2]
    assert answer.total == pytest.approx(ALBUMS, rel=0.1)
