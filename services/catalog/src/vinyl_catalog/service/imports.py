"""Asking for imports, and seeing how they go."""

from collections.abc import Sequence
from pathlib import Path

from vinyl_catalog.domain.imports import Import, ImportOrigin, Reject, Withdrawal
from vinyl_catalog.domain.refusals import ImportNotFound
from vinyl_catalog.imports.addresses import is_address, is_allowed
from vinyl_catalog.store.imports import MOST_LISTED_REJECTS, MOST_SHOWN_REJECTS
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.clock import now
from vinyl_contracts.errors import FieldError, Invalid
from vinyl_contracts.ids import ImportId, new_id

_WRONG_PLACE = "is no file in the folder for imports"
_WRONG_HOST = "is not at a host that VINYL_CATALOG_IMPORT_HOSTS names"


class ImportService:
    """Files may be asked for from `folder`, where there is one, and web addresses at `allowed_hosts`."""

    def __init__(self, store: Store, folder: Path | None, allowed_hosts: Sequence[str] = ()) -> None:
        self._store = store
        self._allowed_hosts = allowed_hosts
        self._folder = folder.resolve() if folder else None

    async def request_import(self, files: list[str], withdraw: Withdrawal = Withdrawal.NEVER) -> Import:
        """Queues an import, which the work process carries out."""
        import_ = Import.of(ImportId(new_id()), ImportOrigin.API, self._allowed(files), now(), withdraw)
        async with self._store.begin() as unit:
            await unit.imports.save(import_)
        return import_

    async def read_import(self, import_id: ImportId) -> tuple[Import, list[Reject]]:
        async with self._store.begin() as unit:
            found = await unit.imports.find(import_id)
            if found is None:
                raise ImportNotFound
            return found, (await unit.imports.list_rejects([import_id], MOST_SHOWN_REJECTS))[import_id]

    async def list_imports(self, before: ImportId | None, limit: int) -> list[tuple[Import, list[Reject]]]:
        """The newest first."""
        async with self._store.begin() as unit:
            found = await unit.imports.list_newest(before, limit)
            rejects = await unit.imports.list_rejects([import_.id for import_ in found], MOST_LISTED_REJECTS)
            return [(import_, rejects[import_.id]) for import_ in found]

    def _allowed(self, files: list[str]) -> list[str]:
        if self._folder is None and not all(map(is_address, files)):
            raise Invalid.field(
                "files", "cannot be taken: VINYL_CATALOG_IMPORTS_FOLDER names no folder for them here"
            )
        found = [self._address_or_path_of(file) for file in files]
        wrong = [
            FieldError(f"files[{number}]", _WRONG_HOST if is_address(file) else _WRONG_PLACE)
            for number, (file, place) in enumerate(zip(files, found, strict=True))
            if place is None
        ]
        if wrong:
            raise Invalid("Some of the files may not be imported from here.", wrong)
        return list(dict.fromkeys(place for place in found if place is not None))

    def _address_or_path_of(self, file: str) -> str | None:
        if is_address(file):
            return file if is_allowed(file, self._allowed_hosts) else None
        path = self._path_of(file)
        return None if path is None else str(path)

    def _path_of(self, file: str) -> Path | None:
        """Where the file is, taken from the folder or else from where this process runs."""
        if self._folder is None or "\0" in file:
            return None
        for start in (self._folder, Path.cwd()):
            try:
                path = (start / file).resolve()
                if path.is_relative_to(self._folder) and path.is_file():
                    return path
            except OSError:
                continue
        return None
