"""Statements past SQLAlchemy, whose own work is most of what a small one costs."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import asyncpg as dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_chassis.database import Driver


class Driven:
    """A statement put into words once. Its rows come as the driver's."""

    def __init__(self, statement: Select[Any]) -> None:
        self._compiled = statement.compile(dialect=dialect.dialect())  # type: ignore[no-untyped-call]
        self._text = str(self._compiled)
        self.names = statement.selected_columns.keys()

    async def fetch(self, driver: Driver, **values: Any) -> list[Any]:
        values = self._compiled.params | values
        rows: list[Any] = await driver.fetch(
            self._text, *(values[name] for name in self._compiled.positiontup or ())
        )
        return rows


async def driver_of(connection: AsyncConnection) -> Driver:
    """Of a transaction that has begun, by a statement before."""
    driver: Driver = (await connection.get_raw_connection()).driver_connection
    return driver
