"""What the sandbox is started with."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct


class Options(Struct, frozen=True):
    """`database_url` outranks `dumps`; `stands_at` stops the clock; the window is that of Discogs' limit."""

    database_url: str = ""
    dumps: tuple[Path, ...] = ()
    limit: int = 240
    window_seconds: float = 60.0
    speed: float = 24.0
    stands_at: datetime | None = None
    seed: int = 1
