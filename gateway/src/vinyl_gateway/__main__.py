"""`python -m vinyl_gateway serve | openapi`"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import structlog

from vinyl_chassis import serving
from vinyl_chassis.settings import BadSettings, ProcessSettings, load
from vinyl_gateway.app import create_app
from vinyl_gateway.documentation.merging import Document, UndocumentedRoute, merge
from vinyl_gateway.http1.connection import Door
from vinyl_gateway.http1.serving import listening
from vinyl_gateway.public_routes import PUBLIC_ROUTES, Service
from vinyl_gateway.settings import Settings

_log = structlog.get_logger("serving")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 2 where a setting is missing or wrong, 1 where a public route is described nowhere."""
    parser = argparse.ArgumentParser(
        prog="python -m vinyl_gateway", description="The gateway of Vinylhound. Settings: VINYL_GATEWAY_…."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("serve", help="answer HTTP on VINYL_GATEWAY_HOST and _PORT")
    openapi = commands.add_parser("openapi", help="print the services' documents as one")
    openapi.add_argument("documents", nargs="+", metavar="SERVICE=FILE")
    chosen = parser.parse_args(arguments)
    return print_openapi(chosen.documents) if chosen.command == "openapi" else serve()


def serve() -> int:
    try:
        settings = load(Settings, "gateway")
    except BadSettings as error:
        sys.stderr.write(f"{error}\n")
        return 2
    serving.serve(lambda: create_app(settings), settings, "gateway", by_http1)
    return 0


async def by_http1(app: Door, settings: ProcessSettings, stopping: asyncio.Event) -> None:
    async with listening(app, settings.host, settings.port, settings.drain_seconds) as address:
        _log.info("serving", address=address)
        await stopping.wait()
        _log.info("draining", seconds=settings.drain_seconds)


def print_openapi(files: Sequence[str]) -> int:
    """`files` are what each service's own `openapi` command printed, as `rating=rating.json`."""
    documents = {}
    for given in files:
        service, _, file = given.partition("=")
        documents[Service(service)] = msgspec.json.decode(Path(file).read_bytes(), type=Document)
    try:
        merged = merge(documents, PUBLIC_ROUTES)
    except UndocumentedRoute as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(merged), indent=2) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
