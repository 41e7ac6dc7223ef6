"""Reading artists."""

from uuid import UUID

from vinyl_catalog.domain.artists import Artist, artist_of
from vinyl_catalog.domain.folding import words_of
from vinyl_catalog.domain.lists import Place, Placed, Versioned
from vinyl_catalog.domain.references import wanted_by
from vinyl_catalog.domain.refusals import ArtistNotFound
from vinyl_catalog.domain.searching import tsquery_of
from vinyl_catalog.store.unit_of_work import Store


class ArtistService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def read_artist(self, artist_id: UUID) -> Versioned[Artist]:
        """The artist, or the one that it was merged into: then the id is another."""
        async with self._store.begin() as unit:
            found = await unit.artists.find(await unit.artists.find_survivor(artist_id) or artist_id)
            if found is None:
                raise ArtistNotFound
            names = await unit.names.look_up(wanted_by(found.shown_facts))
            return Versioned(artist_of(found, names), found.version)

    async def list_artists(
        self, text: str | None, discogs_artist_id: int | None, after: Place | None, limit: int
    ) -> list[Placed[Artist]]:
        """Those with the words of `text` in a name or a variation of it."""
        words = tsquery_of(words_of(text)) if text else None
        async with self._store.begin() as unit:
            found = await unit.artists.list_by_name(words, discogs_artist_id, after, limit)
            names = await unit.names.look_up(wanted_by(*(placed.item.shown_facts for placed in found)))
            return [placed.holding(artist_of(placed.item, names)) for placed in found]
