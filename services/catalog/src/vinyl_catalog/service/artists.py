"""Reading artists."""

from collections.abc import Sequence
from uuid import UUID

from vinyl_catalog.domain.artists import Artist, artist_of
from vinyl_catalog.domain.folding import words_of
from vinyl_catalog.domain.lists import Place, Placed, Versioned
from vinyl_catalog.domain.references import wanted_by
from vinyl_catalog.domain.refusals import ArtistNotFound
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index.asked import Asked
from vinyl_catalog.index.search_index import SearchIndex
from vinyl_catalog.service.best_fits import list_best
from vinyl_catalog.service.gathering import Gathering
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork


class ArtistService:
    def __init__(self, store: Store, index: SearchIndex) -> None:
        self._store = store
        self._index = index
        self._artists = Gathering(self._read_artists)

    async def read_artist(self, artist_id: UUID) -> Versioned[Artist]:
        """The artist, or the one that it was merged into: then the id is another."""
        artist = await self._artists.read(artist_id)
        if artist is None:
            raise ArtistNotFound
        return artist

    async def list_artists(
        self, text: str | None, discogs_artist_id: int | None, after: Place | None, limit: int
    ) -> list[Placed[Artist]]:
        """With `text` those whose names fit it best first, else all in the order of their names."""
        async with self._store.begin() as unit:
            if text is None:
                found = await unit.artists.list_by_name(discogs_artist_id, after, limit)
            else:
                asked = Asked(words_of(text), (HitType.ARTIST,), ids=await _ids(unit, discogs_artist_id))
                found = await list_best(self._index, asked, after, limit, unit.artists.find_all)
            names = await unit.names.look_up(wanted_by(*(placed.item.shown_facts for placed in found)))
            return [placed.holding(artist_of(placed.item, names)) for placed in found]

    async def _read_artists(self, artist_ids: Sequence[UUID]) -> dict[UUID, Versioned[Artist]]:
        async with self._store.begin() as unit:
            survivors = await unit.artists.find_survivors(artist_ids)
            meant = {each: survivors.get(each, each) for each in artist_ids}
            found = await unit.artists.find_all(list(meant.values()))
            names = await unit.names.look_up(wanted_by(*(artist.shown_facts for artist in found.values())))
            shown = {id_: Versioned(artist_of(each, names), each.version) for id_, each in found.items()}
            return {each: shown[id_] for each, id_ in meant.items() if id_ in shown}


async def _ids(unit: UnitOfWork, discogs_artist_id: int | None) -> list[str] | None:
    if discogs_artist_id is None:
        return None
    return [placed.item.id.hex for placed in await unit.artists.list_by_name(discogs_artist_id, None, 1)]
