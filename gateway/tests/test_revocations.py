"""A session that was ended is refused within seconds, also by a gateway that starts later."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import msgspec

from vinyl_chassis.messaging.broker import Broker
from vinyl_contracts.envelope import wrap
from vinyl_contracts.events.user import SessionRevoked

WANTS = "/api/v1/wants"


async def revoke(nats_url: str, session_id: Any) -> None:
    broker = Broker(nats_url, "test")
    jetstream = await broker.jetstream()
    revoked = SessionRevoked(session_id=session_id, user_id=uuid4(), revoked_at=datetime.now(UTC))
    envelope = wrap(revoked, aggregate_id=session_id, version=1, at=datetime.now(UTC))
    await jetstream.publish(envelope.type, msgspec.json.encode(envelope))
    await broker.close()


async def wait_until_refused(address: str, token: str, within_seconds: float) -> None:
    async with httpx.AsyncClient(base_url=address, headers={"Authorization": f"Bearer {token}"}) as client:
        async with asyncio.timeout(within_seconds):
            while (await client.get(WANTS)).status_code != 401:
                await asyncio.sleep(0.02)


async def test_a_revoked_session_is_refused_everywhere_and_the_others_are_not(
    gateways: Any, nats_url: str, token_for: Any
) -> None:
    ended, kept = uuid4(), uuid4()
    early = await gateways(nats_url=nats_url)
    token = token_for("ada", session_id=ended)
    async with httpx.AsyncClient() as client:
        said = await client.get(early + WANTS, headers={"Authorization": f"Bearer {token}"})
    assert said.status_code == 200
    await revoke(nats_url, ended)
    await wait_until_refused(early, token, within_seconds=5)
    late = await gateways(nats_url=nats_url)
    await wait_until_refused(late, token, within_seconds=5)
    async with httpx.AsyncClient(
        headers={"Authorization": f"Bearer {token_for('ada', session_id=kept)}"}
    ) as client:
        assert (await client.get(late + WANTS)).status_code == 200


async def test_a_connection_that_has_asked_before_is_no_exception(
    gateways: Any, nats_url: str, token_for: Any
) -> None:
    address = await gateways(nats_url=nats_url)
    ended = uuid4()
    bearer = {"Authorization": f"Bearer {token_for('ada', session_id=ended)}"}
    async with httpx.AsyncClient(base_url=address, headers=bearer) as client:
        assert [(await client.get(WANTS)).status_code for _ in range(5)] == [200] * 5
        await revoke(nats_url, ended)
        async with asyncio.timeout(5):
            while (await client.get(WANTS)).status_code != 401:
                await asyncio.sleep(0.02)


async def test_without_a_broker_tokens_hold_and_its_return_is_noticed(
    gateways: Any, broker: Any, token_for: Any
) -> None:
    address = await gateways(nats_url=broker.url)
    session_id = uuid4()
    token = token_for("ada", session_id=session_id)
    broker.kill()
    async with httpx.AsyncClient() as client:
        said = await client.get(address + WANTS, headers={"Authorization": f"Bearer {token}"})
    assert said.status_code == 200
    broker.start()
    await revoke(broker.url, session_id)
    await wait_until_refused(address, token, within_seconds=20)
