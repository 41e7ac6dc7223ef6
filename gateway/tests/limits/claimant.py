"""`python claimant.py NATS_URL`: a gateway process with 500 requests; prints how many passed."""

import asyncio
import contextlib
import sys

from vinyl_chassis.messaging.broker import Broker
from vinyl_gateway.limits.policies import Policy
from vinyl_gateway.limits.rate_limits import Ledger
from vinyl_gateway.limits.shared_counting import SharedCounting
from vinyl_gateway.limits.shared_store import SharedStore


async def claim(nats_url: str) -> int:
    broker = Broker(nats_url, "claimant")
    store = SharedStore(broker, kept_seconds=3600.0)
    watching = asyncio.create_task(store.watch())
    await store.wait_until_present(10)
    ledger = Ledger(Policy("exact", per_second=0.001, burst=100), store, SharedCounting(store))
    await asyncio.to_thread(sys.stdin.readline)

    async def ask() -> bool:
        return (ledger.take("a") or await ledger.wait("a")).allowed

    passed = 0
    for _ in range(50):
        passed += sum(await asyncio.gather(*(ask() for _ in range(10))))
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    await broker.close()
    return passed


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(claim(sys.argv[1]))}\n")
