"""Asking for imports, and seeing how they go."""

from pathlib import Path

from vinyl_catalog.domain.imports import Import, ImportOrigin, Reject
from vinyl_catalog.domain.refusals import ImportNotFound
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.clock import now
from vinyl_contracts.errors import FieldError, Invalid
from vinyl_contracts.ids import ImportId, new_id


class ImportService:
    """Files may be asked for from `folder` alone; without one, none may."""

    def __init__(self, store: Store, folder: Path | None) -> None:
        self._store = store
        self._folder = folder.resolve() if folder else None

    async def request_import(self, files: list[str]) -> Import:
        """Queues an import, which the work process carries out."""
        import_ = Import.of(ImportId(new_id()), ImportOrigin.API, self._allowed(files), now())
        async with self._store.begin() as unit:
            await unit.imports.save(import_)
        return import_

    async def read_import(self, import_id: ImportId) -> tuple[Import, list[Reject]]:
        async with self._store.begin() as unit:
            found = await unit.imports.find(import_id)
            if found is None:
                raise ImportNotFound
            return found, (await unit.imports.list_rejects([import_id]))[import_id]

    async def list_imports(self, before: ImportId | None, limit: int) -> list[tuple[Import, list[Reject]]]:
        """The newest first."""
        async with self._store.begin() as unit:
            found = await unit.imports.list_newest(before, limit)
            rejects = await unit.imports.list_rejects([import_.id for import_ in found])
            return [(import_, rejects[import_.id]) for import_ in found]

    def _allowed(self, files: list[str]) -> list[str]:
        if self._folder is None:
            raise Invalid.field(
                "files", "cannot be taken: VINYL_CATALOG_IMPORTS_FOLDER names no folder for them here"
            )
        paths = [self._path_of(file) for file in files]
        wrong = [
            FieldError(f"files[{number}]", "is no file in the folder for imports")
            for number, path in enumerate(paths)
            if path is None
        ]
        if wrong:
            raise Invalid("Some of the files are not in the folder for imports.", wrong)
        return list(dict.fromkeys(str(path) for path in paths))

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
