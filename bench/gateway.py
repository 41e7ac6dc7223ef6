"""What our gateway costs beside envoy, traefik, and one of FastAPI and httpx: a process each, one upstream for all.

    .venv/bin/python bench/gateway.py

Ours finds the route, checks tokens, counts limits together with other gateways through NATS (raised, so that none
is reached), and gives each request an id, a trace and metrics; the peers only forward. They are installed from
wheels, into an environment of their own. In turns, medians over the rounds:

  forward  32 connections that ask again when answered, for products, which no gateway keeps
  token    the same, with one of 32 tokens in each request: ours verifies it, the others pass it on
  kept     the same, for one album: ours keeps it, envoy forwards
  open     requests at random moments, half as many as the slower of envoy and traefik can forward
  memory   resident, with 10,000 idle connections that have asked once

The gateway that is asked has one core to itself; the upstream, who asks, and the other gateways have the rest.
"""

import argparse
import resource
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway_contestants import ENVOY, NAIVE, OURS, TRAEFIK, UPSTREAM, Contestant, Ring, installed_peers
from gateway_measuring import Measuring, Rounds

from vinyl_devstack.nats import Nats
from vinyl_devstack.process_group import ProcessGroup
from vinyl_devstack.token_issuer import TokenIssuer

TOKENS, TOKEN_SECONDS = 32, 4 * 3600
WARM_UP_SECONDS = 1.0
# How each is asked, and who.
LOADS = {
    "forward": (["closed"], [UPSTREAM, OURS, ENVOY, TRAEFIK, NAIVE]),
    "token": (["closed", "--tokens", "tokens"], [OURS, ENVOY, TRAEFIK]),
    "kept": (["closed", "--paths", "hot"], [OURS, ENVOY]),
    "open": (["opened"], [UPSTREAM, OURS, ENVOY, TRAEFIK]),
}
MEMORY = "memory"
# Answers a second of ours for one of a peer's.
PROMISED = [
    ("forward", ENVOY, 1.0),
    ("forward", TRAEFIK, 1.0),
    ("forward", NAIVE, 15.0),
    ("kept", ENVOY, 1.3),
]
PROMISED_ADDED_MS, PROMISED_MB = 0.4, 120.0


@contextmanager
def ring(folder: Path, group: ProcessGroup, peers: Path) -> Iterator[Ring]:
    """With what our gateway needs besides a service: a broker, and the keys of those who sign in."""
    broker = Nats(folder / "nats", group, password=secrets.token_hex(16))
    with (folder / "nats.log").open("wb") as log:
        broker.wait_until_ready(broker.start(log))
    with TokenIssuer() as issuer:
        tokens = [issuer.token_for(f"listener{n}", expires_in=TOKEN_SECONDS) for n in range(TOKENS)]
        (folder / "tokens").write_text("\n".join(tokens))
        yield Ring(folder, group, peers, {"NATS_URL": broker.url, "JWKS_URL": issuer.jwks_url})


def compare(made: Ring, measuring: Measuring, peers: list[str], chosen: argparse.Namespace) -> None:
    upstream = made.start_upstream()
    names = [OURS, *peers]
    scenarios = [each for each in LOADS if each in chosen.scenarios]
    if "open" in scenarios and "forward" not in scenarios:
        scenarios.insert(0, "forward")  # which tells how much half is
    running = {UPSTREAM: upstream}
    if scenarios:
        running |= {name: made.start(name, upstream.port) for name in names}
    seen: dict[str, Rounds] = {}
    for scenario in scenarios:
        more = ["--rate", str(half_load(seen["forward"]))] if scenario == "open" else []
        seen[scenario] = take_turns(scenario, running, measuring, more, chosen)
    for name in names if scenarios else []:
        made.end(running[name])
    held: dict[str, float] = {}
    for name in names if MEMORY in chosen.scenarios else []:
        contestant = made.start(name, upstream.port)
        held[name] = measuring.resident_megabytes(contestant, chosen.idle)
        made.end(contestant)
    show(seen, held)


def take_turns(
    scenario: str,
    running: dict[str, Contestant],
    measuring: Measuring,
    more: list[str],
    chosen: argparse.Namespace,
) -> Rounds:
    (kind, *arguments), names = LOADS[scenario]
    rounds = Rounds()
    for turn in range(chosen.rounds + 1):
        seconds = ["--seconds", str(chosen.seconds if turn else WARM_UP_SECONDS)]
        for name in [each for each in names if each in running]:
            figures = measuring.load(running[name], kind, arguments + more + seconds)
            if turn:  # the first warms up
                rounds.add(name, figures)
                print(f"{scenario:8} {name:16}{figures}", flush=True)
    return rounds


def half_load(forwarded: Rounds) -> float:
    compiled = [name for name in (ENVOY, TRAEFIK) if name in forwarded.names] or [OURS]
    return min(forwarded.medians(name).rate for name in compiled) / 2


def show(seen: dict[str, Rounds], held: dict[str, float]) -> None:
    print(f"\n{'medians':25}{'answers':>11} {'p50':>11} {'p99':>11} {'processor':>10}")
    for scenario, rounds in seen.items():
        for name in rounds.names:
            line = f"{scenario:8} {name:16}{rounds.medians(name)}"
            if scenario != "open" and name not in (OURS, UPSTREAM):
                line += f"   ours answers {rounds.times(OURS, name):5.2f} times as many"
            print(line)
    for name, megabytes in held.items():
        print(f"{MEMORY:8} {name:16}{megabytes:9,.0f} MB")
    print()
    for scenario, peer, least in PROMISED:
        if scenario in seen and peer in seen[scenario].names:
            times = seen[scenario].times(OURS, peer)
            tell(f"{scenario}: {times:.2f} times {peer}", f"{least:.1f}", is_kept=times >= least)
    for name in seen["open"].names[1:] if "open" in seen else []:
        added = seen["open"].added(name, UPSTREAM)
        most = f"{PROMISED_ADDED_MS} ms" if name == OURS else ""
        tell(f"open: {name} adds {added:.3f} ms", most, is_kept=added < PROMISED_ADDED_MS)
    if OURS in held:
        tell(f"memory: {held[OURS]:.0f} MB", f"{PROMISED_MB:.0f} MB", is_kept=held[OURS] < PROMISED_MB)


def tell(found: str, promised: str, *, is_kept: bool) -> None:
    print(f"{found:40}" + (f"promised {promised:8} {'kept' if is_kept else 'MISSED'}" if promised else ""))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenarios", nargs="+", choices=[*LOADS, MEMORY], default=[*LOADS, MEMORY])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument(
        "--idle", type=int, default=10_000, help="how many connections are idle for the memory"
    )
    parser.add_argument("--peers", type=Path, default=Path(".vinyl/bench-peers"), help="their environment")
    parser.add_argument(
        "--spread", action="store_true", help="let the system place the processes on its cores"
    )
    parser.add_argument("--quick", action="store_true", help="one short round, to try it")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rounds, chosen.seconds = 1, 1.0
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    peers = installed_peers(chosen.peers.absolute())
    with tempfile.TemporaryDirectory(prefix="vinyl-bench-") as name:
        folder, group = Path(name), ProcessGroup()
        try:
            measuring = Measuring(group, folder, spread=chosen.spread)
            with ring(folder, group, chosen.peers.absolute()) as made:
                compare(made, measuring, peers, chosen)
        finally:
            group.close()


if __name__ == "__main__":
    main()
