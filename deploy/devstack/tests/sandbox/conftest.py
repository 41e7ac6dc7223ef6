"""A running sandbox, stocked from a dump written here, and clients that speak to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from vinyl_devstack.sandbox.discogs.accounts import TOKEN
from vinyl_devstack.sandbox.options import Options
from vinyl_devstack.sandbox.serving import serving

Start = Callable[..., Awaitable[str]]
Connect = Callable[..., httpx.AsyncClient]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALBUMS = 45
RELEASE = """
<release id="{id}" status="Accepted">
  <artists>
    <artist><id>{artist}</id><name>Quiet Engine ({artist})</name><anv>Quiet Engine</anv><join></join></artist>
  </artists>
  <title>Études No. {album}</title>
  <labels><label name="Tin Roof" catno="TIN {id}" id="7"/></labels>
  <extraartists>
    <artist><id>900</id><name>Ola Berg</name><anv></anv><join></join><role>Producer</role></artist>
  </extraartists>
  <formats><format name="{format}" qty="{discs}" text=""><descriptions><description>LP</description>
    <description>Album</description></descriptions></format></formats>
  <genres><genre>Jazz</genre></genres><styles><style>Fusion</style></styles>
  <country>Sweden</country><released>19{year}-03-00</released><notes>Recorded in one day.</notes>
  {master}
  <tracklist><track><position>A1</position><title>Opening</title><duration>4:05</duration></track></tracklist>
  <identifiers><identifier type="Barcode" description="Text" value="0 7314 {id} 2"/></identifiers>
  <videos><video src="http://127.0.0.1/{id}" duration="61" embed="true"><title>Live</title>
    <description>Live</description></video></videos>
  <companies><company><id>71</id><name>Tin Roof Studio</name><catno></catno><entity_type>23</entity_type>
    <entity_type_name>Recorded At</entity_type_name></company></companies>
</release>"""


def release_record(id_: int, album: int, master: int | None, *, form: str = "Vinyl") -> str:
    owned = f'<master_id is_main_release="{str(id_ % 2 == 0).lower()}">{master}</master_id>' if master else ""
    return RELEASE.format(
        id=id_,
        artist=1 + album % 9,
        album=album,
        format=form,
        discs=1 + id_ % 2,
        year=60 + album % 40,
        master=owned,
    )


def dump_of(records: list[str]) -> str:
    return f"<releases>{''.join(records)}</releases>"


@pytest.fixture(scope="session")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Albums 1 to 45: pressings 1000+n and 2000+n of master 500+n; every fifth is a release without one."""
    records = []
    for album in range(1, ALBUMS + 1):
        master = None if album % 5 == 0 else 500 + album
        records.append(release_record(1000 + album, album, master))
        if master:
            records.append(release_record(2000 + album, album, master, form="CD"))
    file = tmp_path_factory.mktemp("dump") / "releases.xml"
    file.write_text(dump_of(records), encoding="utf-8")
    return file


@pytest.fixture
async def start(dump: Path) -> AsyncIterator[Start]:
    """`await start(limit=5)`: the address of a sandbox of these options, its clock standing at noon."""
    async with AsyncExitStack() as running:

        async def start_one(**options: object) -> str:
            given = {"dumps": (dump,), "stands_at": NOON, "limit": 10_000, **options}
            return await running.enter_async_context(serving(Options(**given)))  # type: ignore[arg-type]

        yield start_one


@pytest.fixture
async def sandbox(start: Start) -> str:
    return await start()


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """`connect(address)`: a client; with `signed_in=True` one that Discogs knows as the collector."""
    clients: list[httpx.AsyncClient] = []

    def open_one(address: str, *, signed_in: bool = False, token: str = TOKEN) -> httpx.AsyncClient:
        headers = {"User-Agent": "VinylhoundTests/1"}
        if signed_in:
            headers["Authorization"] = f"Discogs token={token}"
        clients.append(httpx.AsyncClient(base_url=address, headers=headers, timeout=20))
        return clients[-1]

    yield open_one
    for each in clients:
        await each.aclose()


@pytest.fixture
def discogs(sandbox: str, connect: Connect) -> httpx.AsyncClient:
    """Signed in as the collector."""
    return connect(f"{sandbox}/discogs", signed_in=True)


@pytest.fixture
def switches(sandbox: str, connect: Connect) -> httpx.AsyncClient:
    return connect(sandbox)


@pytest.fixture
async def ebay(sandbox: str, connect: Connect) -> httpx.AsyncClient:
    """With a fresh application token."""
    client = connect(f"{sandbox}/ebay")
    form = {"grant_type": "client_credentials", "scope": "https://api.ebay.com/oauth/api_scope"}
    answer = await client.post("/identity/v1/oauth2/token", data=form, auth=("sandbox", "sandbox"))
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client
