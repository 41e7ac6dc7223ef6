"""Questions in the engine's terms. Each part that fits adds to a hit's score, and its standing multiplies it.

A word counts for 1, less when it is only begun, half when it is forgiven a typo, and a little more in the
title than in what goes with it. The whole title outweighs all of its words.
"""

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import Occur, Query

from vinyl_catalog.domain.folding import terms_of
from vinyl_catalog.domain.lists import AlbumConditions
from vinyl_catalog.domain.searching import HitType, forgiven_typos
from vinyl_catalog.index.entries import whole_names
from vinyl_catalog.index.schema import MOST_BEGUN_LETTERS, TAG_FIELDS

_BEGUN, _FORGIVEN, _IN_TITLE = 0.8, 0.5, 0.1
_BEGUN_TITLE = 1.0
_FEWEST_OF_TITLE = 6
# Said or left out, they make no difference but to the order.
_SMALL = frozenset("the a an and of".split())
_FEWEST_TO_LEAVE_ONE_OUT = 3
# All in one boolean query: the engine takes several times as long for the same nested.
Clauses = list[tuple[Occur, Query]]


class Queries:
    """`words` are folded, at least one; the last may be only begun."""

    def __init__(self, schema: tantivy.Schema, words: Sequence[str], types: Sequence[HitType]) -> None:
        self._schema = schema
        self._terms = terms_of(words)
        self._needed = [term for term in self._terms if term not in _SMALL] or self._terms
        self._whole = " ".join(words)
        self._narrowing: Clauses = []
        if len(types) < len(HitType):
            self.keep("type", types)

    def narrow(self, wanted: AlbumConditions) -> None:
        for tags in wanted.tag_sets:
            kinds: dict[str, list[str]] = {}
            for tag in tags:
                kind, _, value = tag.partition(":")
                kinds.setdefault(TAG_FIELDS[kind], []).append(value)
            either = [(Occur.Should, self._any(field, values)) for field, values in kinds.items()]
            self._narrowing.append((Occur.Must, Query.boolean_query(either)))
        if wanted.year_from is not None or wanted.year_to is not None:
            years = Query.range_query(
                self._schema, "year", tantivy.FieldType.Integer, wanted.year_from, wanted.year_to
            )
            self._narrowing.append((Occur.Must, Query.const_score_query(years, 0.0)))

    def leave_out(self, ids: Iterable[str]) -> None:
        self._narrowing += [(Occur.MustNot, self._term("id", each)) for each in ids]

    def keep(self, field: str, values: Sequence[str]) -> None:
        self._narrowing.append((Occur.Must, self._any(field, values)))

    def as_said(self) -> Clauses:
        """Every word, the last at least begun."""
        clauses = [(Occur.Must, self._worth("words", term, 1.0)) for term in self._needed[:-1]]
        last = self._needed[-1]
        if last == self._terms[-1] or _is_lone_letter(last):
            clauses.append((Occur.Must, Query.const_score_query(self._begun(last), _BEGUN)))
            clauses.append((Occur.Should, self._worth("words", last, 1.0 - _BEGUN)))
        else:
            clauses.append((Occur.Must, self._worth("words", last, 1.0)))
        return [*clauses, *self._what_adds(), *self._narrowing]

    def forgiving(self) -> Clauses:
        """With typos, of three words and more one wrong altogether; or the whole title in one word."""
        parts = [(Occur.Should, self._forgiven(term, term == self._terms[-1])) for term in self._needed]
        fewest = len(parts) - (len(parts) >= _FEWEST_TO_LEAVE_ONE_OUT)
        every = Query.boolean_query(parts, minimum_number_should_match=fewest)
        either = Query.boolean_query([(Occur.Should, every), (Occur.Should, self._whole_title())])
        return [(Occur.Must, either), *self._what_adds(), *self._narrowing]

    def famous(self, clauses: Clauses, level: int, *, are_left_out: bool = False) -> Query:
        """Those of that fame, and those that are called so; or all but those."""
        chosen = Query.boolean_query(
            [(Occur.Should, self._term("fame", str(level))), (Occur.Should, self._term("names", self._whole))]
        )
        how = Occur.MustNot if are_left_out else Occur.Must
        return Query.boolean_query([*clauses, (how, Query.const_score_query(chosen, 0.0))])

    def fewest_documents(self, searcher: tantivy.Searcher) -> int:
        """Of those with one of the words, the last left aside, which may be only begun."""
        finished = self._needed[:-1] if self._needed[-1] == self._terms[-1] else self._needed
        return min((searcher.doc_freq("words", term) for term in finished), default=searcher.num_docs)

    @property
    def is_one_word(self) -> bool:
        return len(self._needed) == 1

    def _what_adds(self) -> Clauses:
        small = [self._worth("words", term, 1.0) for term in self._terms if term not in self._needed]
        titled = [self._worth("title", term, _IN_TITLE) for term in self._terms]
        added = [*small, *titled, self._whole_title()]
        if len(self._whole) >= _FEWEST_OF_TITLE:
            begun = Query.fuzzy_term_query(self._schema, "names", self._whole, 0, prefix=True)
            added.append(Query.const_score_query(begun, _BEGUN_TITLE))
        return [(Occur.Should, each) for each in added]

    def _whole_title(self) -> Query:
        names = whole_names([self._whole])
        return Query.const_score_query(self._any("names", names), 1.0 + len(self._terms))

    def _forgiven(self, term: str, is_last: bool) -> Query:
        ways = [self._worth("words", term, 1.0)]
        if is_last or _is_lone_letter(term):
            ways.append(Query.const_score_query(self._begun(term), _BEGUN))
        if typos := forgiven_typos(term):
            near = Query.fuzzy_term_query(self._schema, "words", term, typos, prefix=is_last)
            ways.append(Query.const_score_query(near, _FORGIVEN))
        return Query.disjunction_max_query(ways)

    def _begun(self, term: str) -> Query:
        if len(term) <= MOST_BEGUN_LETTERS:
            return self._term("begun", term)
        return Query.fuzzy_term_query(self._schema, "words", term, 0, prefix=True)

    def _worth(self, field: str, term: str, worth: float) -> Query:
        return Query.const_score_query(self._term(field, term), worth)

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self._schema, field, value, "basic")

    def _any(self, field: str, values: Sequence[str]) -> Query:
        """Adds nothing to the score."""
        return Query.const_score_query(Query.term_set_query(self._schema, field, list(values)), 0.0)


def _is_lone_letter(term: str) -> bool:
    """A Chinese or Japanese letter by itself: the index has pairs."""
    return not term.isascii() and len(term) == 1
