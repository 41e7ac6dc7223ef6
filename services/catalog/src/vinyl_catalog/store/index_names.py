"""By whom and on what label albums are, as the search index takes it."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.names import KnownName, KnownNames
from vinyl_catalog.domain.references import Wanted
from vinyl_catalog.store.driving import driver_of
from vinyl_catalog.store.names import Names

_MOST_REMEMBERED = 300_000
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


class _Memory:
    def __init__(self) -> None:
        self.known = NamesAndWords(KnownNames(), {})


class IndexNames:
    """Remembers what it has looked up, for few are on most albums."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._memory = _Memory()

    def remember_with(self, other: "IndexNames") -> None:
        """What either looks up, both know."""
        self._memory = other._memory

    async def look_up(self, artists: Iterable[int], labels: Iterable[int]) -> NamesAndWords:
        """At least of these."""
        known = self._memory.known
        names, words = known
        if len(words) + len(names.labels) > _MOST_REMEMBERED:
            names, words = known = self._memory.known = NamesAndWords(KnownNames(), {})
        unknown_artists = {each for each in artists if each not in words}
        unknown_labels = {each for each in labels if each not in names.labels}
        if unknown_artists or unknown_labels:
            await self._find(known, list(unknown_artists), list(unknown_labels))
        return known

    async def _find(self, known: NamesAndWords, artists: list[int], labels: list[int]) -> None:
        names, words = known
        hidden: dict[int, str] = {}
        driver = await driver_of(self._connection)
        for is_label, number, id_, name, is_own, is_hidden, text in await driver.fetch(
            _NAMES, artists, labels
        ):
            if is_label:
                names.labels[number] = KnownName(id_, name, is_own)
            elif is_hidden:
                hidden[number] = text
            else:
                words[number] = text
                names.artists[number] = KnownName(id_, name, is_own)
        if hidden:
            survivors = await Names(self._connection).look_up(Wanted(artists=set(hidden)))
            names.artists.update(survivors.artists)
            words.update(hidden)
