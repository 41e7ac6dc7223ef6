"""Questions in the engine's terms. Each part that fits adds to a hit's score, and its standing multiplies it.

A word counts for 1 in the title and a little less in what goes with it, less again when it is only begun, and
half when it is forgiven a typo. The whole title outweighs all of its words.
"""

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import Occur, Query

from vinyl_catalog.domain.folding import terms_of
from vinyl_catalog.domain.lists import AlbumConditions
from vinyl_catalog.domain.searching import HitType, forgiven_typos
from vinyl_catalog.index.entries import whole_names
from vinyl_catalog.index.schema import TAG_FIELDS

# Where a word is looked for, and what it counts there.
_FIELDS = (("title", 1.0), ("words", 0.9))
_BEGUN, _FORGIVEN = 0.8, 0.5
_BEGUN_TITLE = 1.0
_FEWEST_OF_TITLE = 3
# Said or left out, they make no difference but to the order.
_SMALL = frozenset("the a an and of".split())
_FEWEST_TO_LEAVE_ONE_OUT = 3


class Queries:
    """`words` are folded, at least one; the last may be only begun."""

    def __init__(self, schema: tantivy.Schema, words: Sequence[str], types: Sequence[HitType]) -> None:
        self._schema = schema
        self._terms = terms_of(words)
        self._whole = " ".join(words)
        self._types = types
        self._narrowing: list[tuple[Occur, Query]] = []
        if len(types) < len(HitType):
            self._narrowing.append((Occur.Must, _any(schema, "type", types)))

    def narrow(self, wanted: AlbumConditions) -> None:
        for tags in wanted.tag_sets:
            kinds: dict[str, list[str]] = {}
            for tag in tags:
                kind, _, value = tag.partition(":")
                kinds.setdefault(TAG_FIELDS[kind], []).append(value)
            either = [_any(self._schema, field, values) for field, values in kinds.items()]
            self._narrowing.append(
                (Occur.Must, Query.boolean_query([(Occur.Should, each) for each in either]))
            )
        if wanted.year_from is not None or wanted.year_to is not None:
            years = Query.range_query(
                self._schema, "year", tantivy.FieldType.Integer, wanted.year_from, wanted.year_to
            )
            self._narrowing.append((Occur.Must, Query.const_score_query(years, 0.0)))

    def leave_out(self, ids: Iterable[str]) -> None:
        self._narrowing += [(Occur.MustNot, self._term("id", each)) for each in ids]

    def as_said(self) -> Query:
        """Every word as it is, the last at least begun; or the whole title written in one word."""
        return self._narrowed(self._each_word(is_forgiving=False))

    def forgiving(self) -> Query:
        """With typos; of three words and more one may be wrong altogether."""
        return self._narrowed(self._each_word(is_forgiving=True))

    def _each_word(self, *, is_forgiving: bool) -> Query:
        needed = [at for at, term in enumerate(self._terms) if term not in _SMALL] or range(len(self._terms))
        last = len(self._terms) - 1
        words = {at: self._word(self._terms[at], at == last, is_forgiving) for at in range(len(self._terms))}
        parts = [(Occur.Should, words[at]) for at in needed]
        fewest = len(parts)
        if is_forgiving and fewest >= _FEWEST_TO_LEAVE_ONE_OUT:
            fewest -= 1
        every = Query.boolean_query(parts, minimum_number_should_match=fewest)
        small = [(Occur.Should, words[at]) for at in words if at not in needed]
        return Query.boolean_query([(Occur.Must, every), *small]) if small else every

    def _narrowed(self, every_word: Query) -> Query:
        names = whole_names([self._whole])
        weight = 1.0 + len(self._terms)
        whole = Query.const_score_query(_any(self._schema, "names", names), weight)
        fits = Query.boolean_query([(Occur.Should, every_word), (Occur.Should, whole), *self._begun_title()])
        return Query.boolean_query([(Occur.Must, fits), *self._narrowing]) if self._narrowing else fits

    def _begun_title(self) -> list[tuple[Occur, Query]]:
        if len(self._whole) < _FEWEST_OF_TITLE:
            return []
        begun = Query.fuzzy_term_query(self._schema, "names", self._whole, 0, prefix=True)
        return [(Occur.Should, Query.const_score_query(begun, _BEGUN_TITLE))]

    def _word(self, term: str, is_last: bool, is_forgiving: bool) -> Query:
        ways: list[Query] = []
        for field, worth in _FIELDS:
            ways.append(Query.const_score_query(self._term(field, term), worth))
            if is_last or self._is_lone_letter(term):
                begun = Query.fuzzy_term_query(self._schema, field, term, 0, prefix=True)
                ways.append(Query.const_score_query(begun, worth * _BEGUN))
            if is_forgiving and (distance := forgiven_typos(term)):
                near = Query.fuzzy_term_query(self._schema, field, term, distance, prefix=is_last)
                ways.append(Query.const_score_query(near, worth * _FORGIVEN))
        return Query.disjunction_max_query(ways)

    def _is_lone_letter(self, term: str) -> bool:
        """A Chinese or Japanese letter by itself: the index has pairs."""
        return not term.isascii() and len(term) == 1

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self._schema, field, value, "basic")


def _any(schema: tantivy.Schema, field: str, values: Sequence[str]) -> Query:
    return Query.const_score_query(Query.term_set_query(schema, field, list(values)), 0.0)
