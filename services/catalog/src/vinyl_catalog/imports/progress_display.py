"""How an import by command shows itself: a bar on a terminal, plain lines anywhere else."""

import time
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from vinyl_catalog.domain.imports import FileProgress, Import
from vinyl_chassis.clock import now

_PLAIN_EVERY_SECONDS = 10.0


class ProgressDisplay:
    """A line for each file when it is done, whatever else is shown."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._file: str | None = None
        self._started_at = 0.0
        self._shown_at = 0.0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def show(self, import_: Import, progress: FileProgress) -> None:
        self._follow(progress)
        if progress.is_finished:
            self._end(progress)
        elif self._task is not None:
            counts = self._counts(import_, progress)
            self._bar.update(
                self._task, counts=counts, total=progress.bytes_total, completed=progress.bytes_read
            )
            if not self._console.is_terminal and time.monotonic() - self._shown_at > _PLAIN_EVERY_SECONDS:
                self._shown_at = time.monotonic()
                self.say(f"{_name(progress)}: {counts}")

    def _follow(self, progress: FileProgress) -> None:
        if self._file != progress.file:
            self._file = progress.file
            self._started_at = self._shown_at = time.monotonic()
            self._task = self._bar.add_task(_name(progress), total=None, counts="")

    def _end(self, progress: FileProgress) -> None:
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task, self._file = None, None
        counts = f"{progress.imported} imported, {progress.unchanged} unchanged, {progress.rejected} rejected"
        if progress.withdrawn:
            counts += f", {progress.withdrawn} withdrawn"
        if progress.spared:
            counts += f" - {progress.spared} are gone from it, which is too many to withdraw: they stay"
        self.say(f"{_name(progress)}: {counts}" + (f" - failed: {progress.error}" if progress.error else ""))

    def _counts(self, import_: Import, progress: FileProgress) -> str:
        seconds = time.monotonic() - self._started_at
        rate = f", {progress.read / seconds:,.0f}/s" if seconds > 1 else ""
        left = import_.seconds_left(now())
        rest = f", {timedelta(seconds=round(left))} left" if left is not None and seconds > 1 else ""
        return f"{progress.read:,} read, {progress.rejected:,} rejected{rate}{rest}"


def _name(progress: FileProgress) -> str:
    return Path(progress.file).name
