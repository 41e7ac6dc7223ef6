"""By whom and on what label albums are, as the search index takes it."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.names import KnownName, KnownNames
from vinyl_catalog.domain.references import Wanted
from vinyl_catalog.store.driving import driver_of
from vinyl_catalog.store.names import Names

_MOST_REMEMBERED = 200_000
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

    async def look_up(self, artists: Iterable[int], labels: Iterable[int]) -> NamesAndWords:
        """At least of these."""
        names, words = self._known
        if len(words) + len(names.labels) > _MOST_REMEMBERED:
            names, words = self._known = NamesAndWords(KnownNames(), {})
        unknown_artists = {each for each in artists if each not in words}
        unknown_labels = {each for each in labels if each not in names.labels}
        if unknown_artists or unknown_labels:
            await self._find(list(unknown_artists), list(unknown_labels))
        return self._known

    async def _find(self, artists: list[int], labels: list[int]) -> None:
        names, words = self._known
        hidden: set[int] = set()
        driver = await driver_of(self._connection)
        for is_label, number, id_, name, is_own, is_hidden, text in await driver.fetch(
            _NAMES, artists, labels
        ):
            if is_label:
                names.labels[number] = KnownName(id_, name, is_own)
                continue
            words[number] = text
            if is_hidden:
                hidden.add(number)
            else:
                names.artists[number] = KnownName(id_, name, is_own)
        if hidden:
            survivors = await Names(self._connection).look_up(Wanted(artists=hidden))
            names.artists.update(survivors.artists)
