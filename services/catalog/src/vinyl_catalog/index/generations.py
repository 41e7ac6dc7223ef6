"""Where indexes lie: a folder each, and a file that says which of them is current."""

import shutil
from pathlib import Path

import msgspec

from vinyl_catalog.index.schema import FORMAT
from vinyl_contracts.ids import new_id

_CURRENT = "current"


class Pointer(msgspec.Struct, frozen=True):
    generation: str
    format: int


class Generations:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def current(self) -> str | None:
        """The name of the generation to be read; None where there is none of this format."""
        try:
            pointer = msgspec.json.decode((self._folder / _CURRENT).read_bytes(), type=Pointer)
        except (OSError, msgspec.DecodeError):
            return None
        return pointer.generation if pointer.format == FORMAT else None

    def stamp(self) -> tuple[int, int] | None:
        """Another one whenever there is something new to be read."""
        try:
            found = (self._folder / _CURRENT).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def folder_of(self, generation: str) -> Path:
        return self._folder / generation

    def make(self) -> str:
        name = f"generation-{new_id().hex}"
        self.folder_of(name).mkdir(parents=True)
        return name

    def publish(self, generation: str) -> None:
        """Readers go over to it."""
        draft = self._folder / f"{_CURRENT}.draft"
        draft.write_bytes(msgspec.json.encode(Pointer(generation, FORMAT)))
        draft.replace(self._folder / _CURRENT)

    def publish_again(self) -> None:
        """Readers look at what was committed to the current one."""
        if name := self.current():
            self.publish(name)

    def remove_others(self, kept: str) -> None:
        """Readers that have one of them open keep their hold on its files until they go over."""
        for each in self._folder.glob("generation-*"):
            if each.name != kept:
                shutil.rmtree(each, ignore_errors=True)
