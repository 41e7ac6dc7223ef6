"""`python -m vinyl_devstack.sandbox`: the marketplaces as one process."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from vinyl_devstack.sandbox.options import Options
from vinyl_devstack.sandbox.serving import CannotServe, serving

DEFAULTS = Options()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves until SIGINT or SIGTERM; 0 then, 1 where it could not start."""
    given = parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stdout)
    try:
        asyncio.run(_serve(options_of(given), given.port))
    except CannotServe as taken:
        logging.getLogger(__name__).error("the sandbox cannot start: %s", taken)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    about = "Serves sandbox marketplaces: Discogs under /discogs, eBay under /ebay, switches under /sandbox."
    parser = argparse.ArgumentParser(prog="python -m vinyl_devstack.sandbox", description=about)
    parser.add_argument("--port", type=int, default=0, help="on the loopback; 0 takes a free one (default)")
    parser.add_argument(
        "--database-url",
        default=os.environ.get("VINYL_SANDBOX_DATABASE_URL", ""),
        help="the catalogue's Postgres, read only (default: VINYL_SANDBOX_DATABASE_URL)",
    )
    parser.add_argument(
        "--dump",
        nargs="+",
        action="extend",
        type=Path,
        default=[],
        metavar="FILE",
        help="Discogs dump files of releases (.xml, .xml.gz), for running without a database",
    )
    parser.add_argument(
        "--limit",
        type=int,
        default=DEFAULTS.limit,
        help="Discogs requests a window and address, signed in (default: %(default)s)",
    )
    parser.add_argument(
        "--window",
        type=float,
        default=DEFAULTS.window_seconds,
        metavar="SECONDS",
        help="Discogs' sliding window (default: %(default)s)",
    )
    parser.add_argument(
        "--speed",
        type=_positive,
        default=DEFAULTS.speed,
        help="how many times faster than in a real shop copies sell and prices move (default: %(default)s)",
    )
    parser.add_argument(
        "--at",
        type=_moment,
        default=None,
        metavar="TIME",
        help="stop the clock at an ISO time, such as 2026-03-01",
    )
    parser.add_argument("--seed", type=int, default=DEFAULTS.seed, help="another number is another market")
    return parser


def options_of(given: argparse.Namespace) -> Options:
    return Options(
        database_url=given.database_url,
        dumps=tuple(given.dump),
        limit=given.limit,
        window_seconds=given.window,
        speed=given.speed,
        stands_at=given.at,
        seed=given.seed,
    )


async def _serve(options: Options, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    async with serving(options, port) as address:
        logging.getLogger(__name__).info("sandbox marketplaces at %s/sandbox", address)
        await stop.wait()


def _positive(text: str) -> float:
    speed = float(text)
    if not speed > 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return speed


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
