"""The engine's queries of which questions are made."""

from collections.abc import Sequence

import tantivy
from tantivy import Occur, Query

# More than these are gathered into a set of documents first, which costs by all that have them; fewer are
# looked up only where the rest of the question fits.
MOST_LOOKED_UP = 64
# All in one boolean query: the engine takes several times as long for the same nested.
Clauses = list[tuple[Occur, Query]]


class Terms:
    """What adds to a score says how much; the rest adds nothing."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def one(self, field: str, value: str) -> Query:
        return Query.term_query(self._schema, field, value, "basic")

    def worth(self, field: str, value: str, worth: float) -> Query:
        return Query.const_score_query(self.one(field, value), worth)

    def any_of(self, field: str, values: Sequence[str]) -> Query:
        if len(values) > MOST_LOOKED_UP:
            some = Query.term_set_query(self._schema, field, list(values))
            return Query.const_score_query(some, 0.0)
        return one_of([self.one(field, value) for value in values])

    def beginning_with(self, field: str, text: str) -> Query:
        """Gathers all that have such a term."""
        return Query.fuzzy_term_query(self._schema, field, text, 0, prefix=True)

    def between(self, field: str, lowest: int | None, highest: int | None) -> Query:
        some = Query.range_query(self._schema, field, tantivy.FieldType.Integer, lowest, highest)
        return Query.const_score_query(some, 0.0)


def one_of(queries: Sequence[Query]) -> Query:
    some = queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, q) for q in queries])
    return Query.const_score_query(some, 0.0)


def needed_of(clauses: Clauses) -> Clauses:
    """Those that say what fits, without those that say how well."""
    return [clause for clause in clauses if clause[0] != Occur.Should]
