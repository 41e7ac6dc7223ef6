"""/admin/imports"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from vinyl_catalog.domain.imports import FileProgress, Import, ImportOrigin, ImportState, Reject, Withdrawal
from vinyl_catalog.service.imports import ImportService
from vinyl_chassis.clock import now
from vinyl_chassis.identity import requires
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import created, versioned
from vinyl_contracts.claims import Role
from vinyl_contracts.ids import ImportId

FileName = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class NewImport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Paths on the server, in the folder for imports, or web addresses at a host that may be read from.

    `withdraw` says what becomes of records that these files, as whole dumps, have no more: they stay, they go
    where they are few, or they go.
    """

    files: Annotated[list[FileName], msgspec.Meta(min_length=1, max_length=100)]
    withdraw: Withdrawal = Withdrawal.NEVER


class FileView(msgspec.Struct, frozen=True):
    file: str
    kind: str | None
    read: int
    imported: int
    unchanged: int
    rejected: int
    is_finished: bool
    error: str | None
    bytes_read: int
    bytes_total: int | None
    withdrawn: int
    spared: int

    @classmethod
    def of(cls, file: FileProgress) -> "FileView":
        return cls(
            file.file,
            file.kind,
            file.read,
            file.imported,
            file.unchanged,
            file.rejected,
            file.is_finished,
            file.error,
            file.bytes_read,
            file.bytes_total,
            file.withdrawn,
            file.spared,
        )


class ImportView(msgspec.Struct, frozen=True):
    """`rejected` holds the first thousand of `rejected_count`, in a list a hundred, with what the file says.

    `rate` is in records a second; `bytes_total` and `seconds_left` are null while they are not known.
    """

    id: ImportId
    origin: ImportOrigin
    state: ImportState
    files: list[str]
    withdraw: Withdrawal
    read: int
    imported: int
    unchanged: int
    rejected: list[Reject]
    rejected_count: int
    rate: float | None
    bytes_read: int
    bytes_total: int | None
    seconds_left: float | None
    error: str | None
    progress: list[FileView]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, found: tuple[Import, list[Reject]]) -> "ImportView":
        import_, rejects = found
        return cls(
            id=import_.id,
            origin=import_.origin,
            state=import_.state,
            files=import_.files,
            withdraw=import_.withdraw,
            read=import_.total("read"),
            imported=import_.total("imported"),
            unchanged=import_.total("unchanged"),
            rejected=rejects,
            rejected_count=import_.total("rejected"),
            rate=import_.rate(now()),
            bytes_read=import_.total("bytes_read"),
            bytes_total=import_.bytes_total,
            seconds_left=import_.seconds_left(now()),
            error=import_.error,
            progress=[FileView.of(file) for file in import_.progress],
            created_at=import_.created_at,
            started_at=import_.started_at,
            finished_at=import_.finished_at,
        )


class ImportController(Controller):
    path = "/admin/imports"
    tags = ("imports",)
    guards = (requires(Role.ADMIN),)

    @get(summary="Imports, newest first")
    async def list_imports(
        self,
        imports: NamedDependency[ImportService],
        cursors: NamedDependency[Cursors],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[ImportView]:
        place = cursors.read(cursor, tuple[ImportId], "imports")
        found = await imports.list_imports(place[0] if place else None, limit + 1)
        return cursors.page(found, limit, ImportView.of, lambda each: [each[0].id], "imports")

    @post(summary="Queue dump files for import")
    async def request_import(
        self, imports: NamedDependency[ImportService], data: JSONBody[NewImport]
    ) -> Response[ImportView]:
        import_ = await imports.request_import(data.files, data.withdraw)
        return created(ImportView.of((import_, [])), import_.version, f"/api/v1/admin/imports/{import_.id}")

    @get("/{import_id:str}", summary="How an import goes")
    async def read_import(
        self, imports: NamedDependency[ImportService], import_id: FromPath[UUID]
    ) -> Response[ImportView]:
        found = await imports.read_import(ImportId(import_id))
        return versioned(ImportView.of(found), found[0].version)
