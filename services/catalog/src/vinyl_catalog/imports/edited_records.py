"""What lists and searches know of edited records, drawn anew where a curator or a source changed them."""

from collections.abc import Sequence
from uuid import UUID

from vinyl_catalog.domain.albums import StoredAlbum
from vinyl_catalog.domain.facts import ReleaseFacts
from vinyl_catalog.imports.staged_rows import artist_row, master_row, release_row
from vinyl_catalog.store.curated_columns import AlbumColumns
from vinyl_catalog.store.unit_of_work import UnitOfWork
from vinyl_contracts.events.catalog import AnswersOutdated
from vinyl_contracts.ids import new_id


async def derive_touched(unit: UnitOfWork) -> None:
    """Those of the batch that is being loaded, which hardly ever has any."""
    await derive_artists(unit, await unit.curated_columns.list_touched_artists())
    await derive_albums(unit, await unit.curated_columns.list_touched_albums())


async def derive_albums(unit: UnitOfWork, album_ids: Sequence[UUID]) -> None:
    shown = await unit.albums.find_all(album_ids) if album_ids else {}
    for album_id in album_ids:
        if album_id in shown:
            await unit.curated_columns.write_album(album_id, _columns_of(shown[album_id]))
        else:
            await unit.curated_columns.hide_album(album_id)


async def derive_artists(unit: UnitOfWork, artist_ids: Sequence[UUID]) -> None:
    if artist_ids:
        names = ["artists", *(f"artist-{artist_id}" for artist_id in artist_ids)]
        await unit.outbox.add(AnswersOutdated(names), new_id(), 1)
    shown = await unit.artists.find_all(artist_ids) if artist_ids else {}
    for artist_id in artist_ids:
        if artist_id in shown:
            row = artist_row(shown[artist_id].shown_facts, b"")
            await unit.curated_columns.write_artist(artist_id, row.name, row.sort_name, row.search_text)
        else:
            await unit.curated_columns.hide_artist(artist_id)


def _columns_of(album: StoredAlbum) -> AlbumColumns:
    if album.master is not None:
        row = master_row(album.master, b"")
        columns = AlbumColumns(row.title, row.sort_title, row.year, row.own_tags)
    else:
        lone = release_row(album.lead or ReleaseFacts(0, ""), b"")
        columns = AlbumColumns(lone.title, lone.sort_title, lone.year, lone.own_tags)
    labels = album.edits.labels or () if album.edits else ()
    tags = [f"label:{label.discogs_label_id}" for label in labels if label.discogs_label_id]
    return columns._replace(own_tags=[*columns.own_tags, *tags])
