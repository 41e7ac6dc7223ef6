"""The switches, one handler each."""

from litestar import Router, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody

from vinyl_devstack.sandbox.control.switchboard import (
    Advance,
    ClockView,
    SaleAsked,
    SaleView,
    SandboxView,
    Switchboard,
)
from vinyl_devstack.sandbox.faults import Fault
from vinyl_devstack.sandbox.market.exchange import RATES


@get(["/", "/sandbox"])
async def describe(switchboard: NamedDependency[Switchboard]) -> SandboxView:
    return switchboard.describe()


@get(["/health/live", "/health/ready"])
async def health() -> dict[str, str]:
    return {"status": "ok"}


@get("/sandbox/clock")
async def clock(switchboard: NamedDependency[Switchboard]) -> ClockView:
    return switchboard.clock()


@post("/sandbox/clock", status_code=200)
async def advance(data: JSONBody[Advance], switchboard: NamedDependency[Switchboard]) -> ClockView:
    return switchboard.advance(data)


@put("/sandbox/faults")
async def switch(data: JSONBody[Fault], switchboard: NamedDependency[Switchboard]) -> list[Fault]:
    return switchboard.switch(data)


@post("/sandbox/sales")
async def sell(data: JSONBody[SaleAsked], switchboard: NamedDependency[Switchboard]) -> SaleView:
    return switchboard.sell(data)


@post("/sandbox/refresh", status_code=200)
async def refresh(switchboard: NamedDependency[Switchboard]) -> SandboxView:
    return await switchboard.refresh()


@post("/sandbox/reset", status_code=200)
async def reset(switchboard: NamedDependency[Switchboard]) -> SandboxView:
    return switchboard.reset()


@get("/fx/latest")
async def exchange_rates() -> dict[str, float]:
    """How much of each currency one euro buys."""
    return RATES


def control_router(switchboard: Switchboard) -> Router:
    return Router(
        path="/",
        route_handlers=[
            describe,
            health,
            clock,
            advance,
            switch,
            sell,
            refresh,
            reset,
            exchange_rates,
        ],
        dependencies={"switchboard": Provide(lambda: switchboard, sync_to_thread=False)},
    )
