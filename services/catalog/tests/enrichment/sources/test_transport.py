"""Keeping to a source's budget, and bearing with what it answers."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import msgspec
import pytest

from vinyl_catalog.domain.source_budgets import Allowance, Breaker
from vinyl_catalog.domain.sources import Source
from vinyl_catalog.enrichment.faults import (
    BadAnswer,
    NoSuchThing,
    NoTurn,
    RateLimited,
    Refused,
    SourceFault,
    Unreachable,
)
from vinyl_catalog.enrichment.transport import MOST_BYTES, Transport
from vinyl_catalog.enrichment.turns import Patience, Turns
from vinyl_catalog.store.unit_of_work import Store

SOURCE = Source.APPLE_MUSIC
PATIENCE = Patience(turn_seconds=1.0, answer_seconds=0.4, attempts=2, pause_seconds=0.01, breaker_seconds=0.3)
Thing = dict[str, int]


async def turns_of(store: Store, limit: int = 90, seconds: float = 1.0, **more: Any) -> Turns:
    patience = msgspec.structs.replace(PATIENCE, **more)
    turns = Turns(store, SOURCE, Allowance(limit, seconds), patience)
    await turns.enter()
    return turns


@pytest.fixture
async def client(stage):
    async with httpx.AsyncClient(base_url=stage.url) as client:
        yield client


async def standing(store: Store) -> Any:
    async with store.begin() as unit:
        return await unit.source_ledger.standing(SOURCE, Allowance(90, 1.0))


async def test_processes_share_one_budget(store: Store) -> None:
    """Twenty ask at once at a limit of five."""
    several = [await turns_of(store, 5, 30.0, turn_seconds=0.1) for _ in range(20)]
    taken = await asyncio.gather(*(turns.take() for turns in several), return_exceptions=True)
    assert sum(each is None for each in taken) == 5
    assert all(each is None or isinstance(each, NoTurn) for each in taken)


async def test_requests_keep_their_distance(store: Store) -> None:
    turns = await turns_of(store, 1, 0.3)
    clock = asyncio.get_running_loop().time
    at = []
    for _ in range(3):
        await turns.take()
        at.append(clock())
    assert at[1] - at[0] >= 0.29
    assert at[2] - at[1] >= 0.29


def in_five_minutes() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True)


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        (lambda: "120", (118, 121)),
        (in_five_minutes, (250, 301)),
        (lambda: "999999", (3590, 3601)),
        (lambda: "soon", (1, 3)),
        (lambda: None, (1, 3)),
    ],
)
async def test_a_refusal_is_kept_to(
    stage,
    store: Store,
    client: httpx.AsyncClient,
    retry_after: Callable[[], str | None],
    seconds: tuple[int, int],
) -> None:
    wanted = retry_after()
    stage.play("/x", {}, status=429, headers={} if wanted is None else {"Retry-After": wanted})
    turns = await turns_of(store, attempts=1)
    with pytest.raises(RateLimited):
        await Transport(client, turns).get("/x", Thing)
    assert seconds[0] <= await turns.seconds_to_wait() <= seconds[1]
    assert (await standing(store)).breaker is Breaker.CLOSED
    count = len(stage.asked)
    with pytest.raises(NoTurn):
        await Transport(client, await turns_of(store, turn_seconds=0.1)).get("/x", Thing)
    assert len(stage.asked) == count


async def test_musicbrainz_says_503_where_it_means_429(stage, store: Store, client) -> None:
    stage.play("/x", {}, status=503)
    turns = Turns(
        store, Source.MUSICBRAINZ, Allowance(90, 1.0), msgspec.structs.replace(PATIENCE, attempts=1)
    )
    await turns.enter()
    with pytest.raises(RateLimited):
        await Transport(client, turns).get("/x", Thing)


@pytest.mark.parametrize(
    ("answer", "fault", "requests"),
    [
        ({"raw": b"{}", "status": 500}, Unreachable, 2),
        ({"raw": b"{}", "status": 503}, Unreachable, 2),
        ({"raw": b"{}", "after_seconds": 0.6}, Unreachable, 2),
        ({"raw": b'{"a":', "breaks_off": True}, Unreachable, 2),
        ({"raw": b"{}", "headers": {"Content-Encoding": "gzip"}}, Unreachable, 2),
        ({"raw": b"<html>"}, BadAnswer, 2),
        ({"raw": b""}, BadAnswer, 2),
        ({"raw": b"null"}, BadAnswer, 2),
        ({"raw": b"[" * 100_000}, BadAnswer, 2),
        ({"raw": b'{"a":"one"}'}, BadAnswer, 2),
        ({"raw": b"{}", "status": 400}, BadAnswer, 2),
        ({"raw": b"{}", "status": 404}, NoSuchThing, 1),
        ({"raw": b"{}", "status": 401}, Refused, 1),
        ({"raw": b"{}", "status": 403}, Refused, 1),
    ],
)
async def test_what_may_pass_is_tried_again(
    stage, store: Store, client, answer: dict[str, Any], fault: type[SourceFault], requests: int
) -> None:
    stage.play("/x", **answer)
    with pytest.raises(fault):
        await Transport(client, await turns_of(store)).get("/x", Thing)
    assert len(stage.asked) == requests


async def test_a_source_that_recovers_gives_its_answer(stage, store: Store, client) -> None:
    busy = stage.said(status=500)
    stage.play_in_turn("/x", busy, stage.said({"a": 1}))
    assert await Transport(client, await turns_of(store)).get("/x", Thing) == {"a": 1}
    assert (await standing(store)).failures == 0


async def test_an_answer_too_large_is_not_read_on(stage, store: Store, client) -> None:
    stage.play("/x", raw=b" " * MOST_BYTES + b"{}")
    with pytest.raises(BadAnswer, match="larger"):
        await Transport(client, await turns_of(store)).get("/x", Thing)


async def test_the_breaker_opens_lets_one_through_and_closes(stage, store: Store, client) -> None:
    stage.play("/x", status=500)
    turns = await turns_of(store, turn_seconds=0.05)
    for _ in range(3):
        with pytest.raises(SourceFault):
            await Transport(client, turns).get("/x", Thing)
    assert len(stage.asked) == 5
    assert (await standing(store)).breaker is Breaker.OPEN
    with pytest.raises(NoTurn):
        await Transport(client, turns).get("/x", Thing)
    await asyncio.sleep(await turns.seconds_to_wait())
    assert (await standing(store)).breaker is Breaker.HALF_OPEN
    stage.play("/x", {"a": 1}, after_seconds=0.1)
    several = [Transport(client, turns).get("/x", Thing) for _ in range(5)]
    answers = await asyncio.gather(*several, return_exceptions=True)
    assert answers.count({"a": 1}) == 1
    assert len(stage.asked) == 6
    assert (await standing(store)).breaker is Breaker.CLOSED


async def test_the_breaker_opens_for_longer_each_time(stage, store: Store, client) -> None:
    stage.play("/x", status=500)
    turns = await turns_of(store, turn_seconds=0.05, attempts=1)
    for _ in range(5):
        with pytest.raises(SourceFault):
            await Transport(client, turns).get("/x", Thing)
    first = await turns.seconds_to_wait()
    await asyncio.sleep(first)
    with pytest.raises(Unreachable):
        await Transport(client, turns).get("/x", Thing)
    assert await turns.seconds_to_wait() > 1.5 * first


async def test_a_refused_credential_is_not_tried_again_for_an_hour(stage, store: Store, client) -> None:
    stage.play("/x", status=403)
    turns = await turns_of(store)
    with pytest.raises(Refused):
        await Transport(client, turns).get("/x", Thing)
    assert 3500 < await turns.seconds_to_wait() <= 3600
    assert (await standing(store)).last_error.startswith("credentials_refused")


async def test_redirects_lead_to_known_places_only(stage, store: Store, client) -> None:
    stage.play("/moved", status=307, headers={"Location": "/x"})
    stage.play("/x", {"a": 1})
    stage.play("/inside", status=307, headers={"Location": "http://169.254.169.254/latest"})
    stage.play("/alike", status=307, headers={"Location": "https://evilarchive.org/x"})
    stage.play("/circle", status=307, headers={"Location": "/circle"})
    transport = Transport(client, await turns_of(store, attempts=1), redirects_to=("archive.org",))
    assert await transport.get("/moved", Thing) == {"a": 1}
    for path in ("/inside", "/alike", "/circle"):
        with pytest.raises(BadAnswer):
            await transport.get(path, Thing)
