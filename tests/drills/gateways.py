"""A gateway of the drill's own, beside the stack's."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import httpx
from surroundings import environment

from vinyl_devstack.ports import free_ports
from vinyl_devstack.stack import Stack


@asynccontextmanager
async def running(stack: Stack, module: str, told: Mapping[str, str]) -> AsyncIterator[str]:
    """`python -m module serve` with the stack's settings and `told`; its address, once it is ready."""
    [port] = free_ports(1)
    process = start(stack, module, port, told)
    url = f"http://127.0.0.1:{port}"
    await until_ready(url)
    try:
        yield url
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)


def start(stack: Stack, module: str, port: int, told: Mapping[str, str]) -> subprocess.Popen[bytes]:
    name = module.removeprefix("vinyl_").upper()
    ours = environment() | {"VINYL_HOME": str(stack.home), f"VINYL_{name}_PORT": str(port)} | told
    with (stack.home / f"{module}-{port}.log").open("ab") as output:
        command = [sys.executable, "-m", module, "serve"]
        return stack.process_group.spawn(command, environment=ours, output=output)


async def until_ready(url: str, within_seconds: float = 30) -> float:
    """Seconds that it took."""
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=url) as client, asyncio.timeout(within_seconds):
        while True:
            with suppress(httpx.TransportError):
                if (await client.get("/health/ready")).is_success:
                    return time.monotonic() - began
            await asyncio.sleep(0.05)
