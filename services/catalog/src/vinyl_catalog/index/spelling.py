"""The words that are there, each an entry of its own, to find what a mistyped one may mean.

To look for typos among the words of all records gathers every record of a frequent word, which takes longer
than all else. Nothing but `words_near` finds these entries: they have none of the other fields.
"""

from collections.abc import Iterable, Iterator

import tantivy

from vinyl_catalog.domain.searching import FORGIVING_FROM

_MOST_NEAR = 32


def spellings(words: Iterable[tuple[str, int]]) -> Iterator[tantivy.Document]:
    """Of words, and in how many records each is."""
    for word, count in words:
        if len(word) >= FORGIVING_FROM and not word.isdigit():
            document = tantivy.Document()
            document.add_text("spelling", word)
            document.add_float("standing", count)
            document.add_bytes("shown", word.encode())
            yield document


def words_near(
    searcher: tantivy.Searcher, schema: tantivy.Schema, term: str, typos: int, *, is_begun: bool
) -> list[str]:
    """The most frequent of those that differ by so many letters, from their beginning where it `is_begun`."""
    near = tantivy.Query.fuzzy_term_query(schema, "spelling", term, typos, prefix=is_begun)
    hits = searcher.search(near, _MOST_NEAR, count=False, weight_by_field="standing").hits
    return [searcher.doc(address)["shown"][0].decode() for _, address in hits]
