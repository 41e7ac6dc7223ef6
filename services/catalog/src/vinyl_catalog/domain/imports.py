"""An import: dump files taken in one after the other, and what became of their records."""

import enum
from datetime import datetime

import msgspec

from vinyl_contracts.ids import ImportId


class ImportOrigin(enum.StrEnum):
    """Who carries it out: the work process for what came by the API, else the command that was called."""

    API = "api"
    COMMAND = "command"


class ImportState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Withdrawal(enum.StrEnum):
    """What becomes of records that a whole dump has no more; NEVER for files that may be a part of one."""

    NEVER = "never"
    FEW = "few"
    ALL = "all"


class FileProgress(msgspec.Struct, frozen=True):
    """How far one file has come.

    `mark` tells whether it is still the same file when an import goes on after an interruption; `error` says
    why the rest of it could not be read. `bytes_total` is None while it is not known. `withdrawn` are records
    that a whole dump has no more, `spared` such ones that stay because they are too many.
    """

    file: str
    kind: str | None = None
    mark: str | None = None
    imported: int = 0
    unchanged: int = 0
    rejected: int = 0
    is_finished: bool = False
    error: str | None = None
    bytes_read: int = 0
    bytes_total: int | None = None
    withdrawn: int = 0
    spared: int = 0

    @property
    def read(self) -> int:
        return self.imported + self.unchanged + self.rejected

    def with_more(self, *, imported: int, unchanged: int, rejected: int) -> "FileProgress":
        return msgspec.structs.replace(
            self,
            imported=self.imported + imported,
            unchanged=self.unchanged + unchanged,
            rejected=self.rejected + rejected,
        )


class Reject(msgspec.Struct, frozen=True):
    """A record that was set aside; `kind` is artist, label, master or release, `raw` the beginning of what
    the file says."""

    kind: str
    discogs_id: int | None
    reason: str
    raw: str | None = None


class Import(msgspec.Struct, frozen=True):
    id: ImportId
    origin: ImportOrigin
    state: ImportState
    files: list[str]
    progress: list[FileProgress]
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    withdraw: Withdrawal

    @classmethod
    def of(
        cls,
        import_id: ImportId,
        origin: ImportOrigin,
        files: list[str],
        at: datetime,
        withdraw: Withdrawal = Withdrawal.NEVER,
    ) -> "Import":
        progress = [FileProgress(file) for file in files]
        return cls(import_id, origin, ImportState.QUEUED, files, progress, None, at, None, None, withdraw)

    @property
    def version(self) -> str:
        """Changes with whatever becomes of it."""
        return f"{self.state}-{self.total('read')}-{sum(each.is_finished for each in self.progress)}"

    def total(self, part: str) -> int:
        """The sum over all files of `read`, `imported`, `unchanged`, `rejected` or `bytes_read`."""
        return sum(getattr(progress, part) for progress in self.progress)

    def rate(self, at: datetime) -> float | None:
        """Records a second since it started."""
        if self.started_at is None:
            return None
        seconds = ((self.finished_at or at) - self.started_at).total_seconds()
        return round(self.total("read") / seconds, 1) if seconds > 0 else None

    def seconds_left(self, at: datetime) -> float | None:
        """As far as the bytes so far tell, while it runs and the length of every file is known."""
        if self.state is not ImportState.RUNNING or self.started_at is None:
            return None
        read, total = self.total("bytes_read"), self.bytes_total
        if not read or total is None:
            return None
        return round((at - self.started_at).total_seconds() * max(0, total - read) / read, 1)

    @property
    def bytes_total(self) -> int | None:
        """Of all files, once the length of every one is known."""
        known = [each.bytes_total for each in self.progress if each.bytes_total is not None]
        return sum(known) if len(known) == len(self.progress) else None

    def progress_of(self, file: str) -> FileProgress:
        return next(progress for progress in self.progress if progress.file == file)

    def started(self, at: datetime) -> "Import":
        return msgspec.structs.replace(
            self, state=ImportState.RUNNING, started_at=at, error=None, finished_at=None
        )

    def with_progress(self, progress: FileProgress) -> "Import":
        every = [progress if each.file == progress.file else each for each in self.progress]
        return msgspec.structs.replace(self, progress=every)

    def finished(self, at: datetime) -> "Import":
        """Failed where a file could not be read to its end."""
        errors = [f"{each.file}: {each.error}" for each in self.progress if each.error]
        state = ImportState.FAILED if errors else ImportState.DONE
        return msgspec.structs.replace(self, state=state, error="; ".join(errors) or None, finished_at=at)

    def broken_off(self, reason: str, at: datetime) -> "Import":
        return msgspec.structs.replace(self, state=ImportState.FAILED, error=reason, finished_at=at)
