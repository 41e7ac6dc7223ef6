"""Fixtures with a real Postgres, NATS and key set, for the tests of every member."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vinyl_devstack import postgres as embedded
from vinyl_devstack.cloned_databases import ClonedDatabases, Fill
from vinyl_devstack.nats import Nats
from vinyl_devstack.ports import free_ports
from vinyl_devstack.postgres import Postgres
from vinyl_devstack.process_group import ProcessGroup
from vinyl_devstack.stack import Stack
from vinyl_devstack.token_issuer import TokenIssuer

CloneDatabase = Callable[..., str]
TokenFor = Callable[..., str]
ADMIN = "boss-of-this-stack"
"""The username that administers the `stack`."""


@pytest.fixture(scope="session")
def process_group() -> Iterator[ProcessGroup]:
    """Every process started in it ends with this pytest, `kill -9` included, and then its folder goes."""
    folder = Path(tempfile.mkdtemp(prefix="vinyl-tests-"))
    folder.chmod(0o711)  # Postgres walks through it as another user when we are root
    group = ProcessGroup(scratch=folder)
    yield group
    group.close(within_seconds=60)


@pytest.fixture(scope="session")
def test_folder(process_group: ProcessGroup) -> Path:
    """For what has to be gone after the session, or may not have a long path."""
    return process_group.scratch


@pytest.fixture(scope="session")
def postgres(process_group: ProcessGroup, test_folder: Path) -> Iterator[Postgres]:
    """One server a session; it forgets everything, and so does no fsync."""
    [port] = free_ports(1)
    server = Postgres(
        test_folder / "postgres", process_group, port=port, password=secrets.token_hex(16), durable=False
    )
    with (test_folder / "postgres.log").open("wb") as log:
        process = server.start(log)
    server.wait_until_ready(process)
    yield server
    embedded.stop(process, within_seconds=3)


@pytest.fixture(scope="session")
def cloned_databases(postgres: Postgres) -> ClonedDatabases:
    return ClonedDatabases(postgres)


@pytest.fixture
def clone_database(cloned_databases: ClonedDatabases) -> Iterator[CloneDatabase]:
    """`clone_database("rating")`: the URL, for that service's role, of a fresh and migrated database.

    `filled_by` makes it one that an async function of its URL has filled, which is called once a session.
    """
    made: list[str] = []

    def clone(service: str, filled_by: Fill | None = None) -> str:
        name, url = cloned_databases.clone(service, filled_by)
        made.append(name)
        return url

    yield clone
    for name in made:
        cloned_databases.drop(name)


@pytest.fixture
def nats_server(process_group: ProcessGroup, test_folder: Path) -> Iterator[Nats]:
    """A fresh JetStream server for each test."""
    folder = Path(tempfile.mkdtemp(prefix="nats-", dir=test_folder))
    server = Nats(folder, process_group, password=secrets.token_hex(16), sync_interval="2m")
    with (folder / "server.log").open("wb") as log:
        process = server.start(log)
    server.wait_until_ready(process)
    yield server
    process.kill()
    process.wait()
    shutil.rmtree(folder)


@pytest.fixture
def nats_url(nats_server: Nats) -> str:
    return nats_server.url


@pytest.fixture(scope="session")
def token_issuer() -> Iterator[TokenIssuer]:
    with TokenIssuer() as issuer:
        yield issuer


@pytest.fixture(scope="session")
def jwks_url(token_issuer: TokenIssuer) -> str:
    return token_issuer.jwks_url


@pytest.fixture(scope="session")
def token_for(token_issuer: TokenIssuer) -> TokenFor:
    """`token_for("ada", roles=("curator",))`: a signed access token; see TokenIssuer.token_for."""
    return token_issuer.token_for


@pytest.fixture(scope="session")
def stack(test_folder: Path) -> Iterator[Stack]:
    """All of Vinylhound as real processes, empty, for the session; what they say is in `stack.log`."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("VINYL_")}
    ours["VINYL_GATEWAY_LIMITS"] = "off"  # all tests ask from one address
    ours["VINYL_USER_ADMIN"] = ADMIN
    with Stack(test_folder / "stack", environment=ours) as running:
        yield running
