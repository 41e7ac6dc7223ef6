"""Questions in the engine's terms. Each part that fits adds to a hit's score, and its standing multiplies it.

A word counts for 1, less when it is only begun, half when it is forgiven a typo, and a little more in the
title than in what goes with it. The whole title outweighs all of its words.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

import tantivy
from tantivy import Occur, Query

from vinyl_catalog.domain.folding import terms_of
from vinyl_catalog.domain.searching import forgiven_typos
from vinyl_catalog.index.entries import whole_names
from vinyl_catalog.index.schema import MOST_BEGUN_LETTERS
from vinyl_catalog.index.spelling import words_near
from vinyl_catalog.index.terms import MOST_LOOKED_UP, Clauses, Terms, one_of

_BEGUN, _FORGIVEN, _IN_TITLE = 0.8, 0.5, 0.1
_BEGUN_TITLE = 1.0
_FEWEST_OF_TITLE = 6
# Of a word that is in more, the titles that begin with it are too many to be gathered.
_MOST_OF_TITLE = 5_000
# Of a word that is in more titles, to look for it in those of a few scattered hits costs more than all else.
_MOST_OF_TITLED = 20_000
_MOST_CALLED_SO = 500
_MANY = 5_000
# A word that so many records have is meant.
_KNOWN, _KNOWN_SHARE = 50, 0.0005
# Said or left out, they make no difference but to the order.
_SMALL = frozenset("the a an and of".split())
_FEWEST_TO_LEAVE_ONE_OUT, _MOST_TO_LEAVE_ONE_OUT = 3, 6


class Fitting(NamedTuple):
    """What fits; `most` is how many documents can at most, but for some that are called so."""

    clauses: Clauses
    most: int

    @property
    def are_many(self) -> bool:
        return self.most > _MANY


class Queries:
    """`words` are folded, at least one; the last may be only begun. `narrowing` holds for all."""

    def __init__(
        self,
        searcher: tantivy.Searcher,
        schema: tantivy.Schema,
        words: Sequence[str],
        narrowing: Clauses,
    ) -> None:
        self._searcher = searcher
        self._schema = schema
        self._in = Terms(schema)
        self._terms = terms_of(words)
        self._needed = [term for term in self._terms if term not in _SMALL] or self._terms
        self._whole = "".join(words)
        names = whole_names([" ".join(words)])
        self._names = [name for name in names if searcher.doc_freq("names", name)]
        last = self._needed[-1]
        self._is_last_begun = last == self._terms[-1] or _is_lone_letter(last)
        self._finished = self._needed[:-1] if self._is_last_begun else self._needed
        self._beginning = self._words_begun(last) if self._is_last_begun else []
        self._counts = dict(self._count_each())
        self._most = min(self._counts.values())
        self._narrowing = narrowing

    def as_said(self) -> Fitting:
        """Every word, the last at least begun."""
        clauses = [(Occur.Must, self._in.worth("words", term, 1.0)) for term in self._finished]
        if self._is_last_begun:
            begun = self._begun(self._needed[-1])
            clauses.append((Occur.Must, Query.const_score_query(begun, _BEGUN)))
        return Fitting([*clauses, *self._what_adds(self._most), *self._narrowing], self._most)

    @property
    def are_all_known(self) -> bool:
        return all(map(self._is_known, self._needed))

    def forgiving(self, *, are_known_meant: bool) -> Fitting:
        """With typos, unless the word is known and so meant; or the whole title in one word."""
        parts, counts = zip(*(self._forgiven(term, are_known_meant) for term in self._needed), strict=True)
        return self._fitting([parts], min(counts))

    def leaving_one_out(self) -> Fitting:
        """As `forgiving`, with one of the words wrong altogether. Nothing at all for few words."""
        if not _FEWEST_TO_LEAVE_ONE_OUT <= len(self._needed) <= _MOST_TO_LEAVE_ONE_OUT:
            return Fitting([], 0)
        parts, counts = zip(*(self._forgiven(term, True) for term in self._needed), strict=True)
        return self._fitting(combinations(parts, len(parts) - 1), sum(sorted(counts)[:2]))

    def famous(
        self, clauses: Clauses, level: int, others: Query | None = None, *, are_left_out: bool = False
    ) -> Clauses:
        """Those of that fame, those that are called so, and the others; or all but those."""
        either = [self._in.one("fame", str(level))]
        if self._whole in self._names and self._searcher.doc_freq("names", self._whole) <= _MOST_CALLED_SO:
            either.append(self._in.one("names", self._whole))
        if others is not None:
            either.append(others)
        return [*clauses, (Occur.MustNot if are_left_out else Occur.Must, one_of(either))]

    def _count_each(self) -> Iterable[tuple[str, int]]:
        """How many documents have each of the words."""
        for term in self._finished:
            yield term, self._searcher.doc_freq("words", term)
        if self._is_last_begun:
            last = self._needed[-1]
            is_short = len(last) <= MOST_BEGUN_LETTERS
            found = self._searcher.doc_freq("begun", last) if is_short else sum(n for _, n in self._beginning)
            yield last, found

    def _is_known(self, term: str) -> bool:
        return self._counts[term] > max(_KNOWN, _KNOWN_SHARE * self._searcher.num_docs)

    def _words_begun(self, term: str) -> list[tuple[str, int]]:
        """With how many documents have each; of short ones nothing, for those have a field of their own."""
        return [] if len(term) <= MOST_BEGUN_LETTERS else self._searcher.terms_with_prefix("words", term)

    def _fitting(self, ways: Iterable[Sequence[Query]], most: int) -> Fitting:
        needed = [[(Occur.Must, part) for part in way] for way in ways]
        if len(needed) == 1 and not self._names:
            return Fitting([*needed[0], *self._what_adds(most), *self._narrowing], most)
        either = [*map(Query.boolean_query, needed), *self._whole_title()]
        any_way = Query.boolean_query([(Occur.Should, each) for each in either])
        return Fitting([(Occur.Must, any_way), *self._what_adds(most), *self._narrowing], most)

    def _what_adds(self, most: int) -> Clauses:
        small = [self._in.worth("words", term, 1.0) for term in self._terms if term not in self._needed]
        titled = [
            self._in.worth("title", term, _IN_TITLE)
            for term in self._terms
            if (count := self._searcher.doc_freq("title", term)) > 0
            and (most > _MANY or count <= _MOST_OF_TITLED)
        ]
        added = [*small, *titled, *self._whole_title()]
        if self._is_last_begun:
            added.append(self._in.worth("words", self._needed[-1], 1.0 - _BEGUN))
        if self._most and len(self._whole) >= _FEWEST_OF_TITLE:
            added += [Query.const_score_query(each, _BEGUN_TITLE) for each in self._titles_begun()]
        return [(Occur.Should, each) for each in added]

    def _titles_begun(self) -> list[Query]:
        if len(self._needed) == 1:
            return [self._in.beginning_with("names", self._whole)] if self._most <= _MOST_OF_TITLE else []
        names = [name for name, _ in self._searcher.terms_with_prefix("names", self._whole)]
        return [self._in.any_of("names", names)] if names else []

    def _whole_title(self) -> list[Query]:
        """None where nothing is called so."""
        worth = 1.0 + len(self._terms)
        return [Query.const_score_query(self._in.any_of("names", self._names), worth)] if self._names else []

    def _forgiven(self, term: str, are_known_meant: bool) -> tuple[Query, int]:
        """And how many documents can have it at most."""
        is_begun = self._is_last_begun and term == self._needed[-1]
        count = self._counts[term]
        if is_begun or _is_lone_letter(term):
            ways = [Query.const_score_query(self._begun(term), _BEGUN)]
        else:
            ways = [self._in.worth("words", term, 1.0)] if count else []
        if (typos := forgiven_typos(term)) and not (are_known_meant and self._is_known(term)):
            near = words_near(self._searcher, self._schema, term, typos, is_begun=is_begun)
            if others := [
                word for word in near if not (word == term or (is_begun and word.startswith(term)))
            ]:
                ways.append(Query.const_score_query(self._in.any_of("words", others), _FORGIVEN))
                count += sum(self._searcher.doc_freq("words", word) for word in others)
        return Query.disjunction_max_query(ways) if ways else Query.empty_query(), count

    def _begun(self, term: str) -> Query:
        if len(term) <= MOST_BEGUN_LETTERS:
            return self._in.one("begun", term)
        if len(self._beginning) <= MOST_LOOKED_UP:
            return self._in.any_of("words", [word for word, _ in self._beginning])
        return self._in.beginning_with("words", term)


def _is_lone_letter(term: str) -> bool:
    """A Chinese or Japanese letter by itself: the index has pairs."""
    return not term.isascii() and len(term) == 1
