"""By whom and on what label albums are, as the search index takes it."""

from collections.abc import Iterable, Set
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.names import KnownName, KnownNames
from vinyl_catalog.domain.references import Wanted
from vinyl_catalog.store.driving import driver_of
from vinyl_catalog.store.names import Names

_MOST_REMEMBERED = 100_000
_NAMES = """
select false, discogs_artist_id, id, name, document is not null or edits is not null,
    withdrawn_at is not null, search_text
from artists where discogs_artist_id = any($1)
union all
select true, discogs_label_id, id, name, document is not null, false, null
from labels where discogs_label_id = any($2)
"""


class NamesAndWords(NamedTuple):
    """`words` are the folded ones of artists' names, variations and all, by Discogs' ids."""

    names: KnownNames
    words: dict[int, str]


class IndexNames:
    """Remembers what it has looked up, for few are on most albums."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._known = NamesAndWords(KnownNames(), {})
        self._asked: set[tuple[bool, int]] = set()

    async def look_up(self, artists: Set[int], labels: Set[int]) -> NamesAndWords:
        """At least of these."""
        if len(self._asked) > _MOST_REMEMBERED:
            self._known, self._asked = NamesAndWords(KnownNames(), {}), set()
        lacking = {(False, each) for each in artists} | {(True, each) for each in labels}
        if lacking := lacking - self._asked:
            self._asked |= lacking
            await self._find(lacking)
        return self._known

    async def _find(self, lacking: Iterable[tuple[bool, int]]) -> None:
        names, words = self._known
        numbers = ([number for is_label, number in lacking if is_label == label] for label in (False, True))
        driver = await driver_of(self._connection)
        hidden: set[int] = set()
        for is_label, number, id_, name, is_own, is_hidden, search_text in await driver.fetch(
            _NAMES, *numbers
        ):
            if is_label:
                names.labels[number] = KnownName(id_, name, is_own)
                continue
            words[number] = search_text
            if is_hidden:
                hidden.add(number)
            else:
                names.artists[number] = KnownName(id_, name, is_own)
        if hidden:
            survivors = await Names(self._connection).look_up(Wanted(artists=hidden))
            names.artists.update(survivors.artists)
