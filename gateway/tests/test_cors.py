"""Which other origins a browser may call from."""

from typing import Any

import httpx

OURS, FOREIGN = "https://records.example", "https://evil.example"
ASK = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}


async def test_without_a_setting_no_other_origin_may_call(client: httpx.AsyncClient) -> None:
    said = await client.get("/api/v1/albums", headers={"Origin": OURS})
    assert said.status_code == 200
    assert not [name for name in said.headers if name.startswith("access-control")]
    assert (await client.options("/api/v1/wants", headers={"Origin": OURS} | ASK)).status_code == 405


async def test_a_listed_origin_may_call_and_no_other(gateways: Any, token_for: Any, services: Any) -> None:
    address = await gateways(allowed_origins=f"{OURS}, https://second.example/")
    async with httpx.AsyncClient(base_url=address) as client:
        said = await client.options("/api/v1/wants/1", headers={"Origin": OURS} | ASK)
        assert said.status_code == 204
        assert said.headers["access-control-allow-origin"] == OURS
        assert said.headers["access-control-allow-methods"] == "DELETE, GET, HEAD, PATCH"
        askable = said.headers["access-control-allow-headers"].split(", ")
        assert {"authorization", "if-match", "prefer"} < set(askable)
        assert "access-control-allow-credentials" not in said.headers
        said = await client.get("/api/v1/wants", headers={"Origin": "https://second.example"})
        assert said.status_code == 401
        assert said.headers["access-control-allow-origin"] == "https://second.example"
        assert "x-request-id" in said.headers["access-control-expose-headers"]
        for target, status in (
            ("/api/v1/nothing", 404),
            ("/api/v1/albums?q=%ff", 400),
            ("/health/live", 200),
        ):
            said = await client.get(target, headers={"Origin": OURS})
            assert (said.status_code, said.headers["access-control-allow-origin"]) == (status, OURS)
        for origin in (FOREIGN, "null", "https://records.example.evil.example"):
            said = await client.get("/api/v1/albums", headers={"Origin": origin})
            assert "access-control-allow-origin" not in said.headers
            assert said.headers["vary"] == "Origin"
            assert (
                await client.options("/api/v1/wants", headers={"Origin": origin} | ASK)
            ).status_code == 405
    assert services["user"].received == []
