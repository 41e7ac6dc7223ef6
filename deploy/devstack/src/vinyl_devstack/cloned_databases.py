"""Fresh databases for tests, cloned from one in which a service's migrations ran."""

import asyncio
import concurrent.futures
import itertools
from collections.abc import Awaitable, Callable

from vinyl_devstack.migrations import migrate
from vinyl_devstack.postgres import SERVICES, Postgres

PASSWORD = "listening"  # noqa: S105 - of roles in a server that ends with the test session
Fill = Callable[[str], Awaitable[None]]


class ClonedDatabases:
    """One template a service, and one for each way to fill it, made when the first test asks."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._templates: set[str] = set()
        self._filled: dict[Fill, str] = {}
        self._numbers = itertools.count(1)

    def clone(self, service: str, filled_by: Fill | None = None) -> tuple[str, str]:
        """A fresh database's name, and its URL for the service's own role.

        `filled_by` is called once, with the URL of the database that is then cloned; it closes what it opens.
        """
        template = self._filled_template_of(service, filled_by) if filled_by else self._template_of(service)
        name = f"{service}_{next(self._numbers)}"
        self._postgres.execute(f"CREATE DATABASE {name} TEMPLATE {template}", database="postgres")
        return name, self._url(name, service)

    def drop(self, name: str) -> None:
        self._postgres.execute(f"DROP DATABASE {name} WITH (FORCE)", database="postgres")

    def _filled_template_of(self, service: str, fill: Fill) -> str:
        if fill not in self._filled:
            name, url = self.clone(service)
            with concurrent.futures.ThreadPoolExecutor(1) as pool:  # the test may have a loop already
                pool.submit(asyncio.run, _run(fill, url)).result()
            self._filled[fill] = name
        return self._filled[fill]

    def _template_of(self, service: str) -> str:
        template = f"template_{service}"
        if template not in self._templates:
            self._postgres.prepare(template, passwords={f"vinyl_{each}": PASSWORD for each in SERVICES})
            migrate(self._url(template, service), f"vinyl_{service}")
            self._templates.add(template)
        return template

    def _url(self, database: str, service: str) -> str:
        return self._postgres.url(database, role=f"vinyl_{service}", password=PASSWORD)


async def _run(fill: Fill, url: str) -> None:
    await fill(url)
