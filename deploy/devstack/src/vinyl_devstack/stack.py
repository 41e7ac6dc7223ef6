"""The composition: every process of Vinylhound on one machine, and how they are joined."""

import asyncio
import functools
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from vinyl_devstack import process_settings
from vinyl_devstack.console import Console
from vinyl_devstack.demo.load import Loaded, load_demo
from vinyl_devstack.home import Home, HomeLock, Owner
from vinyl_devstack.migrations import migrate
from vinyl_devstack.nats import Nats
from vinyl_devstack.ports import free_ports, is_taken
from vinyl_devstack.postgres import SERVICES, Postgres, an_eighth_of_memory
from vinyl_devstack.process_group import ProcessGroup
from vinyl_devstack.process_settings import Addresses
from vinyl_devstack.readiness import wait_until_ready
from vinyl_devstack.supervision import Start, Supervised
from vinyl_devstack.web_build import WEB_ROOT

NOTHING: Mapping[str, str] = {}
SERVERS = ("postgres", "nats")
READY_SECONDS = 60.0
OTHERS_STOPPED_SECONDS = 3.0
ALL_STOPPED_SECONDS = 4.4  # of the five that Ctrl-C may take


class PortTaken(Exception):
    """Somebody else listens where the gateway should."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is taken by another program, or kept by the system: "
            "choose one with VINYL_PORT, 0 for any free."
        )


class Stack:
    """A whole Vinylhound over one home. Entered, it serves; left, nothing of it runs.

    Port 0 takes a free one for the gateway, as the rest always do. Without a console, everything that is said
    goes to `stack.log` in the home. `environment` is what the processes get
    beside the settings in the home, which it outranks. Raises HomeInUse, HomeUnusable, PortTaken, NotReady,
    DemoNotLoaded, and what keeps Postgres or NATS from starting.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int = 0,
        demo: bool = False,
        console: Console | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        gateway, postgres, nats, sandbox, *services = free_ports(4 + len(SERVICES))
        self._home = Home(home)
        self._demo = demo
        self._given_console = console
        self._environment = {**environment, "VINYL_HOME": str(self._home.folder), "PYTHONUNBUFFERED": "1"}
        self._port = port or gateway
        self._at = Addresses.at(self._port, services, sandbox)
        self._ports = {"postgres": postgres, "nats": nats, "sandbox": sandbox}
        self._processes: dict[str, Supervised] = {}
        self._stopping = threading.Event()
        self._loading_demo = threading.Event()
        self._undo = ExitStack()

    @property
    def home(self) -> Path:
        return self._home.folder

    @property
    def gateway_url(self) -> str:
        return self._at.gateway

    @property
    def sandbox_url(self) -> str:
        """The marketplaces: Discogs' API under /discogs, eBay's under /ebay, switches under /sandbox."""
        return self._at.sandbox

    @property
    def process_group(self) -> ProcessGroup:
        """For what else is to end with the stack."""
        return self._group

    @property
    def processes(self) -> list[str]:
        return list(self._processes)

    def process(self, name: str) -> Supervised:
        """Such as `rating-serve`, `rating-work`, `gateway`, `sandbox`, `postgres`, `nats`."""
        return self._processes[name]

    def service_url(self, service: str) -> str:
        """A service's own address, behind the gateway."""
        return self._at.services[service]

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait_until_ready()
            if self._demo:
                self.load_demo()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when everything has been started, which is before it is ready."""
        with ExitStack() as undo:
            self._home.make()
            self._console = self._given_console or Console(undo.enter_context(self._log()), coloured=False)
            lock = HomeLock(self._home)
            lock.take()
            undo.callback(lock.release)
            if is_taken(self._port):
                raise PortTaken(self._port)
            self._group = ProcessGroup(held=[lock.fileno()])
            undo.callback(self._group.close)
            lock.sign(Owner(os.getpid(), self._group.id, self.gateway_url))
            undo.callback(self._stop_processes)
            self._start_all()
            self._undo = undo.pop_all()

    def _log(self) -> TextIO:
        return (self._home.folder / "stack.log").open("a")

    def _start_all(self) -> None:
        home, at = self._home, self._at
        nats = Nats(home.nats, self._group, password=home.secret("nats"), port=self._ports["nats"])
        postgres = Postgres(
            home.postgres,
            self._group,
            password=home.secret("postgres"),
            port=self._ports["postgres"],
            buffers_mib=an_eighth_of_memory(),
        )
        databases = {service: service_database(service, home, postgres) for service in SERVICES}
        for service, database in databases.items():
            home.write_settings(service, process_settings.of_service(service, home, database, nats, at))
        home.write_settings("gateway", process_settings.of_gateway(WEB_ROOT, nats, at))

        self._run_server("nats", nats)
        self._run("gateway", "vinyl_gateway", "serve")
        postgres.forget_last_run()
        self._run_server("postgres", postgres)
        postgres.prepare(passwords={role_of(service): home.secret(role_of(service)) for service in SERVICES})
        for service, database in databases.items():
            migrate(database, f"vinyl_{service}")
            self._run(f"{service}-serve", f"vinyl_{service}", "serve")
            self._run(f"{service}-work", f"vinyl_{service}", "work")
        catalogue = {"VINYL_SANDBOX_DATABASE_URL": read_only(databases["catalog"])}
        self._run("sandbox", "vinyl_devstack.sandbox", f"--port={self._ports['sandbox']}", told=catalogue)

    def wait_until_ready(self, within_seconds: float = READY_SECONDS) -> bool:
        """False when stopped before. Raises NotReady."""
        return wait_until_ready(self.gateway_url, within_seconds, self._stopping.is_set)

    def load_demo(self) -> Loaded:
        """Once a home. Raises BadDemo and DemoNotLoaded."""
        self._loading_demo.set()
        try:
            return asyncio.run(load_demo(self.gateway_url, self.home, environment=self._environment))
        finally:
            self._loading_demo.clear()

    def stop(self) -> None:
        self._undo.close()

    def _stop_processes(self) -> None:
        """The processes that speak to people first, then the servers they stand on."""
        self._stopping.set()
        servers = [process for name, process in self._processes.items() if name in SERVERS]
        others = [process for name, process in self._processes.items() if name not in SERVERS]
        began = time.monotonic()
        for processes, seconds in ((others, OTHERS_STOPPED_SECONDS), (servers, ALL_STOPPED_SECONDS)):
            for process in processes:
                process.ask_to_stop()
            deadline = began + seconds
            for process in processes:
                process.wait_until_stopped(deadline)

    def _run_server(self, name: str, server: Postgres | Nats) -> None:
        supervised = self._supervise(name, server.start, stop_signal=signal.SIGINT, shows=server.shows)
        server.wait_until_ready(supervised.process)

    def _run(self, name: str, *module_and_arguments: str, told: Mapping[str, str] = NOTHING) -> None:
        command = [sys.executable, "-m", *module_and_arguments]
        environment = {**self._environment, **told}
        start = functools.partial(self._group.spawn, command, environment=environment)
        self._supervise(name, lambda output: start(output=output), shows=self._is_worth_reading)

    def _is_worth_reading(self, line: str) -> bool:
        """Of requests that went well, only the gateway's account, and not of health checks or the demo's."""
        if "[info" not in line or "answered" not in line:
            return True
        return "[access]" in line and "path=/health/" not in line and not self._loading_demo.is_set()

    def _supervise(self, name: str, start: Start, **how: Any) -> Supervised:
        self._processes[name] = supervised = Supervised(name, start, self._console, **how)
        supervised.begin()
        return supervised


def role_of(service: str) -> str:
    return f"vinyl_{service}"


def service_database(service: str, home: Home, postgres: Postgres) -> str:
    return postgres.url(role=role_of(service), password=home.secret(role_of(service)))


def read_only(database_url: str) -> str:
    return f"{database_url}?default_transaction_read_only=on"
