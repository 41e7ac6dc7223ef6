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
from vinyl_catalog.domain.lists import AlbumConditions
from vinyl_catalog.domain.searching import HitType, forgiven_typos
from vinyl_catalog.index.entries import whole_names
from vinyl_catalog.index.schema import MOST_BEGUN_LETTERS, TAG_FIELDS
from vinyl_catalog.index.spelling import words_near

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
# More than these are gathered into a set of documents first, which costs by all that have them; fewer are
# looked up only where the rest of the question fits.
_MOST_LOOKED_UP = 64
# All in one boolean query: the engine takes several times as long for the same nested.
Clauses = list[tuple[Occur, Query]]


class Fitting(NamedTuple):
    """What fits; `most` is how many documents can at most, but for some that are called so."""

    clauses: Clauses
    most: int

    @property
    def are_many(self) -> bool:
        return self.most > _MANY


class Queries:
    """`words` are folded, at least one; the last may be only begun."""

    def __init__(
        self,
        searcher: tantivy.Searcher,
        schema: tantivy.Schema,
        words: Sequence[str],
        types: Sequence[HitType],
    ) -> None:
        self._searcher = searcher
        self._schema = schema
        self._terms = terms_of(words)
        self._needed = [term for term in self._terms if term not in _SMALL] or self._terms
        self._whole = " ".join(words)
        names = whole_names([self._whole])
        self._names = [name for name in names if searcher.doc_freq("names", name)]
        last = self._needed[-1]
        self._is_last_begun = last == self._terms[-1] or _is_lone_letter(last)
        self._finished = self._needed[:-1] if self._is_last_begun else self._needed
        self._beginning = self._words_begun(last) if self._is_last_begun else []
        self._counts = dict(self._count_each())
        self._most = min(self._counts.values())
        self._narrowing: Clauses = []
        if len(types) < len(HitType):
            self.keep("type", types)

    def narrow(self, wanted: AlbumConditions) -> None:
        for tags in wanted.tag_sets:
            kinds: dict[str, list[str]] = {}
            for tag in tags:
                kind, _, value = tag.partition(":")
                kinds.setdefault(TAG_FIELDS[kind], []).append(value)
            terms = [self._term(field, value) for field, values in kinds.items() for value in values]
            self._narrowing.append((Occur.Must, self._one_of(terms)))
        if wanted.year_from is not None or wanted.year_to is not None:
            years = Query.range_query(
                self._schema, "year", tantivy.FieldType.Integer, wanted.year_from, wanted.year_to
            )
            self._narrowing.append((Occur.Must, Query.const_score_query(years, 0.0)))

    def leave_out(self, ids: Iterable[str]) -> None:
        self._narrowing += [(Occur.MustNot, self._term("id", each)) for each in ids]

    def keep(self, field: str, values: Sequence[str]) -> None:
        self._narrowing.append((Occur.Must, self._any(field, values)))

    def as_said(self) -> Fitting:
        """Every word, the last at least begun."""
        clauses = [(Occur.Must, self._worth("words", term, 1.0)) for term in self._finished]
        if self._is_last_begun:
            last = self._needed[-1]
            clauses.append((Occur.Must, Query.const_score_query(self._begun(last), _BEGUN)))
            clauses.append((Occur.Should, self._worth("words", last, 1.0 - _BEGUN)))
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
        either = [self._term("fame", str(level))]
        if self._whole in self._names and self._searcher.doc_freq("names", self._whole) <= _MOST_CALLED_SO:
            either.append(self._term("names", self._whole))
        if others is not None:
            either.append(others)
        chosen = Query.boolean_query([(Occur.Should, each) for each in either])
        how = Occur.MustNot if are_left_out else Occur.Must
        return [*clauses, (how, Query.const_score_query(chosen, 0.0))]

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
        small = [self._worth("words", term, 1.0) for term in self._terms if term not in self._needed]
        titled = [
            self._worth("title", term, _IN_TITLE)
            for term in self._terms
            if most > _MANY or self._searcher.doc_freq("title", term) <= _MOST_OF_TITLED
        ]
        added = [*small, *titled, *self._whole_title()]
        is_rare = self._most <= _MOST_OF_TITLE or len(self._needed) > 1
        if is_rare and len(self._whole) >= _FEWEST_OF_TITLE:
            begun = Query.fuzzy_term_query(self._schema, "names", self._whole, 0, prefix=True)
            added.append(Query.const_score_query(begun, _BEGUN_TITLE))
        return [(Occur.Should, each) for each in added]

    def _whole_title(self) -> list[Query]:
        """None where nothing is called so."""
        worth = 1.0 + len(self._terms)
        return [Query.const_score_query(self._any("names", self._names), worth)] if self._names else []

    def _forgiven(self, term: str, are_known_meant: bool) -> tuple[Query, int]:
        """And how many documents can have it at most."""
        is_begun = self._is_last_begun and term == self._needed[-1]
        count = self._counts[term]
        if is_begun or _is_lone_letter(term):
            ways = [Query.const_score_query(self._begun(term), _BEGUN)]
        else:
            ways = [self._worth("words", term, 1.0)]
        if (typos := forgiven_typos(term)) and not (are_known_meant and self._is_known(term)):
            near = words_near(self._searcher, self._schema, term, typos, is_begun=is_begun)
            if others := [
                word for word in near if not (word == term or (is_begun and word.startswith(term)))
            ]:
                ways.append(Query.const_score_query(self._any("words", others), _FORGIVEN))
                count += sum(self._searcher.doc_freq("words", word) for word in others)
        return Query.disjunction_max_query(ways) if len(ways) > 1 else ways[0], count

    def _begun(self, term: str) -> Query:
        if len(term) <= MOST_BEGUN_LETTERS:
            return self._term("begun", term)
        if len(self._beginning) <= _MOST_LOOKED_UP:
            return self._any("words", [word for word, _ in self._beginning])
        return Query.fuzzy_term_query(self._schema, "words", term, 0, prefix=True)

    def _worth(self, field: str, term: str, worth: float) -> Query:
        return Query.const_score_query(self._term(field, term), worth)

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self._schema, field, value, "basic")

    def _any(self, field: str, values: Sequence[str]) -> Query:
        """Adds nothing to the score."""
        if len(values) > _MOST_LOOKED_UP:
            some = Query.term_set_query(self._schema, field, list(values))
            return Query.const_score_query(some, 0.0)
        return self._one_of([self._term(field, value) for value in values])

    def _one_of(self, queries: Sequence[Query]) -> Query:
        """Adds nothing to the score."""
        some = queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, q) for q in queries])
        return Query.const_score_query(some, 0.0)


def needed_of(clauses: Clauses) -> Clauses:
    """Those that say what fits, without those that say how well."""
    return [clause for clause in clauses if clause[0] != Occur.Should]


def _is_lone_letter(term: str) -> bool:
    """A Chinese or Japanese letter by itself: the index has pairs."""
    return not term.isascii() and len(term) == 1
