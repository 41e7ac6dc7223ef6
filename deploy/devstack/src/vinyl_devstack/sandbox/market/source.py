"""What the market asks of the place its pressings come from."""

from typing import Protocol

from vinyl_devstack.sandbox.market.pressing import Pressing

MOST_PRESSINGS = 10_000


class SourceUnreachable(Exception):
    """The source cannot answer at the moment; the market keeps what it has."""


class StockSource(Protocol):
    async def fingerprint(self) -> str:
        """Changes when the pressings did."""
        ...

    async def pressings(self) -> list[Pressing]:
        """All of them, or a sample of `MOST_PRESSINGS` that is the same each time."""
        ...

    async def find(self, release_id: int) -> Pressing | None:
        """One by its Discogs id, also where the sample left it out."""
        ...

    async def close(self) -> None: ...
