"""`python -m vinyl_<service> serve | work | migrate | replay | openapi`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec
from litestar import Litestar

from vinyl_chassis import documentation, serving, working
from vinyl_chassis.settings import BadSettings, ServiceSettings, load
from vinyl_chassis.working import Worker

_HELP = {
    "serve": "answer HTTP on VINYL_{0}_HOST and _PORT",
    "work": "publish and hear events, and do what is due",
    "migrate": "bring the schema to the newest revision",
    "replay": "take in once more the events that were set aside",
    "openapi": "print the OpenAPI document",
}


class OwnCommand(NamedTuple):
    """A command that only one service has: `carry_out(settings, parsed arguments)` gives the exit status."""

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    carry_out: Callable[[Any, argparse.Namespace], int]


def run(
    service: str,
    settings_kind: type[ServiceSettings],
    create_app: Callable[..., Litestar],
    create_worker: Callable[..., Worker],
    arguments: Sequence[str] | None = None,
    own: Sequence[OwnCommand] = (),
) -> int:
    """Exit status: 2 where a setting is missing or wrong, with a sentence that names it."""
    parser = argparse.ArgumentParser(
        prog=f"python -m vinyl_{service}",
        description=f"The {service} service of Vinylhound. Settings: VINYL_{service.upper()}_….",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, text in _HELP.items():
        commands.add_parser(name, help=text.format(service.upper()))
    for each in own:
        each.add_arguments(commands.add_parser(each.name, help=each.help, description=each.help))
    parsed = parser.parse_args(arguments)
    command = parsed.command
    if command == "openapi":
        app = create_app(_unconnected(settings_kind))
        sys.stdout.buffer.write(
            msgspec.json.format(msgspec.json.encode(documentation.document(app)), indent=2)
        )
        return 0
    try:
        settings = load(settings_kind, service)
    except BadSettings as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for each in own:
        if each.name == command:
            return each.carry_out(settings, parsed)
    if command == "serve":
        serving.serve(lambda: create_app(settings), settings, service)
    elif command == "work":
        working.work(lambda: create_worker(settings), settings, service)
    elif command == "replay":
        working.replay(lambda: create_worker(settings), settings, service)
    else:
        return _migrate(settings.database_url, f"vinyl_{service}")
    return 0


def _migrate(database_url: str, package: str) -> int:
    # Alembic is a tenth of the time that a process takes to start, and the others never need it.
    from vinyl_chassis.migrations.running import migrate  # noqa: PLC0415

    try:
        migrate(database_url, package)
    except OSError as error:
        sys.stderr.write(f"The database cannot be reached: {error}\n")
        return 1
    return 0


def _unconnected(settings_kind: type[ServiceSettings]) -> ServiceSettings:
    """Enough to build the application and read its routes; nothing is opened."""
    nowhere = {"database_url": "postgresql://nowhere/nowhere", "jwks_url": "http://nowhere.invalid"}
    return msgspec.convert(nowhere, settings_kind)
