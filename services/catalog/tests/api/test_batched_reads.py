"""What a gateway asks for several at a time is what each of them is told alone."""

import httpx
import pytest
from litestar.testing import AsyncTestClient

from vinyl_contracts.batches import replies_in, target_of

BASE = "/api/v1"
KINDS = ["albums", "artists", "labels", "releases", "songs"]
pytestmark = [pytest.mark.usefixtures("catalogue"), pytest.mark.only_reads]


async def test_records_of_every_kind_come_as_they_do_alone(client: AsyncTestClient) -> None:
    async def alone(path: str) -> httpx.Response:
        said = await client.get(path)
        assert said.status_code == 200
        return said

    lists = {kind: (await alone(f"{BASE}/{kind}")).json()["items"] for kind in KINDS}
    paths = [f"{BASE}/{kind}/{item['id']}" for kind, items in lists.items() for item in items[:3]]
    assert len({path.split("/")[3] for path in paths}) == len(KINDS)
    said = await client.get(target_of([("request-1", path.encode()) for path in paths]).decode())
    for path, reply in zip(paths, replies_in(said.content), strict=True):
        assert reply is not None
        status, headers, body = reply
        single = await alone(path)
        assert (status, body) == (200, single.content)
        told = {name.decode(): value.decode() for name, value in headers}
        assert told == {name: value for name, value in single.headers.items() if name != "x-request-id"}
