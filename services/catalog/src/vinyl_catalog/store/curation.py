"""Albums and artists in a curator's hands, those that nobody else sees among them."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import cast, func, insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.drafted import Known, Numbered
from vinyl_catalog.domain.edits import AlbumEdits, ArtistEdits
from vinyl_catalog.domain.facts import ReleaseFacts
from vinyl_catalog.domain.revisions import SourceRecord, Subject
from vinyl_catalog.store.documents import text_of
from vinyl_catalog.store.staged import StagedRelease
from vinyl_catalog.store.tables import albums, artists, labels, releases, untold_albums

_TABLES = {Subject.ALBUM: albums, Subject.ARTIST: artists}
_EDITS = {
    Subject.ALBUM: msgspec.json.Decoder(AlbumEdits).decode,
    Subject.ARTIST: msgspec.json.Decoder(ArtistEdits).decode,
}
_NEXT_NUMBER = text("select nextval('own_artist_numbers')")


class Held(NamedTuple):
    """A record, locked until the transaction ends."""

    version: int
    is_withdrawn: bool
    edits: Any


class Curation:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hold(self, subject: Subject, subject_id: UUID) -> Held | None:
        """Its edits are AlbumEdits or ArtistEdits, empty where nobody edited it."""
        table = _TABLES[subject]
        statement = select(table.c.version, table.c.withdrawn_at, table.c.edits)
        held = statement.where(table.c.id == subject_id).with_for_update()
        row = (await self._connection.execute(held)).one_or_none()
        if row is None:
            return None
        return Held(row.version, row.withdrawn_at is not None, _EDITS[subject](row.edits or b"{}"))

    async def save(
        self,
        subject: Subject,
        subject_id: UUID,
        edits: AlbumEdits | ArtistEdits,
        withdrawn_at: datetime | None,
    ) -> int:
        """The new version."""
        table = _TABLES[subject]
        values = {
            "edits": msgspec.json.encode(edits),
            "withdrawn_at": withdrawn_at,
            "version": table.c.version + 1,
            # a transaction's now is when it began, which is before what it added was made
            "updated_at": func.greatest(table.c.updated_at, func.now()),
        }
        statement = update(table).where(table.c.id == subject_id).values(values).returning(table.c.version)
        return int((await self._connection.execute(statement)).scalar_one())

    async def add_album(self, album_id: UUID, release_id: UUID, row: StagedRelease, at: datetime) -> None:
        """With the one release that it is by itself."""
        stamps = {"version": 1, "created_at": at, "updated_at": at}
        released = {name: getattr(row, name) for name in _OF_RELEASE}
        await self._connection.execute(
            insert(releases).values(id=release_id, album_id=album_id, **released, **stamps)
        )
        whole = {name: getattr(row, name) for name in ("title", "sort_title", "year", "own_tags")}
        statement = insert(albums).values(
            id=album_id,
            lead_release_id=release_id,
            release_count=1,
            tags=[],
            bayesian_average=0.0,
            edits=b"{}",
            **whole,
            **stamps,
        )
        await self._connection.execute(statement)

    async def add_artist(self, artist_id: UUID, at: datetime) -> int:
        """Its number, which is below zero where Discogs' are above."""
        number = (await self._connection.execute(_NEXT_NUMBER)).scalar_one()
        statement = insert(artists).values(
            id=artist_id,
            discogs_artist_id=number,
            name="",
            sort_name="",
            search_text="",
            edits=b"{}",
            version=1,
            created_at=at,
            updated_at=at,
        )
        await self._connection.execute(statement)
        return int(number)

    async def find_known(self, artist_ids: set[UUID], label_ids: set[UUID]) -> Known:
        """Of these, those that a document can name."""
        return Known(
            await self._numbered(
                select(artists.c.id, artists.c.discogs_artist_id, artists.c.name).where(
                    artists.c.id.in_(artist_ids), artists.c.withdrawn_at.is_(None)
                )
            ),
            await self._numbered(
                select(labels.c.id, labels.c.discogs_label_id, labels.c.name).where(
                    labels.c.id.in_(label_ids)
                )
            ),
        )

    async def forget_untold(self, album_id: UUID) -> None:
        """The album is told of right now."""
        await self._connection.execute(untold_albums.delete().where(untold_albums.c.album_id == album_id))

    async def list_sources(self, subject: Subject, subject_id: UUID) -> list[SourceRecord]:
        """The documents, word for word, and what curators said."""
        table = _TABLES[subject]
        lead = (
            releases.c.document if subject is Subject.ALBUM else cast(literal(None), releases.c.document.type)
        )
        statement = select(table.c.document, table.c.edits, lead.label("lead")).where(
            table.c.id == subject_id
        )
        if subject is Subject.ALBUM:
            statement = statement.outerjoin(releases, releases.c.id == albums.c.lead_release_id)
        row = (await self._connection.execute(statement)).one_or_none()
        if row is None:
            return []
        kind = "master" if subject is Subject.ALBUM else "artist"
        records = [_record(kind, row.document), _record("release", row.lead)]
        curated = msgspec.json.decode(row.edits or b"{}")
        if curated:
            records.append(SourceRecord("curator", subject.value, curated))
        return [record for record in records if record is not None]

    async def _numbered(self, statement: Any) -> dict[UUID, Numbered]:
        rows = await self._connection.execute(statement)
        return {row[0]: Numbered(row[1], row[2]) for row in rows if row[1] is not None}


_OF_RELEASE = (
    "title",
    "year",
    "released_order",
    "country",
    "formats",
    "catalog_numbers",
    "barcodes",
    "codes",
    "tags",
    "document",
)


def _record(kind: str, document: bytes | None) -> SourceRecord | None:
    if document is None:
        return None
    says = msgspec.json.decode(text_of(document))
    is_own = kind == "release" and msgspec.convert(says, ReleaseFacts).discogs_release_id == 0
    return SourceRecord("curator" if is_own else "discogs", kind, says)
