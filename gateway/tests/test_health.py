"""Whether all of it serves, as the gateway tells it."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import msgspec
from nats.js.api import AckPolicy, ConsumerConfig

from vinyl_chassis.messaging.broker import Broker
from vinyl_gateway.event_lag import EventLag


async def test_ready_only_when_every_service_is(client: httpx.AsyncClient, services: Any) -> None:
    assert (await client.get("/health/live")).status_code == 200
    said = await client.get("/health/ready")
    assert (said.status_code, said.json()["status"]) == (200, "ready")
    assert set(said.json()["services"]) == {"user", "catalog", "rating", "search"}
    await services["search"].stop()
    await asyncio.sleep(0.6)
    said = await client.get("/health/ready")
    assert (said.status_code, said.json()["services"]["search"]["status"]) == (503, "unreachable")
    assert said.json()["services"]["user"]["status"] == "ready"
    assert (await client.get("/health/live")).status_code == 200
    overview = await client.get("/health")
    assert (overview.status_code, overview.json()["status"]) == (200, "not ready")
    await services["search"].start()
    await asyncio.sleep(0.6)
    assert (await client.get("/health/ready")).status_code == 200


async def test_a_service_that_says_no_is_not_ready(
    client: httpx.AsyncClient, services: Any, write_reply: Any
) -> None:
    async def answer(request: Any, writer: asyncio.StreamWriter) -> None:
        status = "503 Service Unavailable" if request.target == "/health/ready" else "200 OK"
        lag = {"outbox_waiting": 3, "outbox_oldest_seconds": 1.5, "dead_letters": 1}
        writer.write(write_reply(status, {"Content-Type": "application/json"}, msgspec.json.encode(lag)))

    services["rating"].answer = answer
    said = (await client.get("/health")).json()["services"]["rating"]
    assert said["status"] == "not ready"
    assert said["queues"] == {"outbox_waiting": 3, "outbox_oldest_seconds": 1.5, "dead_letters": 1}
    assert said["latency_ms"] >= 0
    assert said["events_waiting"] is None


async def test_what_a_service_has_not_worked_off_is_told_by_who_told_it(gateways: Any, nats_url: str) -> None:
    address = await gateways(nats_url=nats_url)
    broker = Broker(nats_url, "test")
    jetstream = await broker.jetstream()
    subject, hearer = f"vinyl.search.lagging_{uuid4().hex}.v1", f"rating{uuid4().hex}"
    name, others = f"{hearer}_hears_search", f"other{uuid4().hex}"
    for durable in (name, others):
        config = ConsumerConfig(
            durable_name=durable, ack_policy=AckPolicy.EXPLICIT, filter_subjects=[subject, f"{subject}.x"]
        )
        await jetstream.add_consumer("VINYL_SEARCH", config)
    for _ in range(3):
        await jetstream.publish(subject, b"{}")
    lag = EventLag(broker)
    assert (await lag.waiting(5) or {})[hearer] == {"search": 3}
    reading = await jetstream.pull_subscribe_bind(name, "VINYL_SEARCH")
    messages = await reading.fetch(2)
    assert (await lag.waiting(5) or {})[hearer] == {"search": 3}
    for message in messages:
        await message.ack_sync()
    assert (await lag.waiting(5) or {})[hearer] == {"search": 1}
    for durable in (name, others):
        await jetstream.delete_consumer("VINYL_SEARCH", durable)
    async with httpx.AsyncClient(base_url=address) as client:
        services = (await client.get("/health")).json()["services"]
    assert all(isinstance(each["events_waiting"], dict) for each in services.values())
    assert hearer not in (await lag.waiting(5) or {})
    await broker.close()
    assert await EventLag(Broker("nats://127.0.0.1:9", "test")).waiting(0.2) is None


async def test_a_hung_service_does_not_hang_the_answer(client: httpx.AsyncClient, services: Any) -> None:
    async def hang(_request: Any, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    services["user"].answer = hang
    async with asyncio.timeout(4.5):
        said = await client.get("/health/ready")
    assert said.json()["services"]["user"]["status"] == "unreachable"


async def test_many_who_ask_at_once_cost_the_services_one_question(
    client: httpx.AsyncClient, services: Any
) -> None:
    await asyncio.gather(*(client.get("/health/ready") for _ in range(30)))
    asked = [request.target for request in services["catalog"].received]
    assert asked.count("/health/ready") <= 2


async def test_metrics_are_in_prometheus_form(client: httpx.AsyncClient) -> None:
    said = await client.get("/metrics")
    assert said.headers["content-type"].count("charset") == 1
    assert said.status_code == 200
    assert "# HELP" in said.text


async def test_the_gateways_own_paths_refuse_other_methods(client: httpx.AsyncClient) -> None:
    said = await client.post("/health/ready")
    assert (said.status_code, said.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in said.headers["allow"]
    assert (await client.get("/health/nothing")).json()["code"] == "route_not_found"


async def test_the_head_of_a_page_is_that_of_the_page(client: httpx.AsyncClient) -> None:
    for path in ("/health", "/health/live", "/metrics", "/docs/style.css"):
        head = await client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == (await client.get(path)).headers["content-type"]
