import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from html import escape
from itertools import count
from pathlib import Path

import asyncpg
import httpx
import pytest
from litestar import Litestar

from vinyl_catalog.app import create_app
from vinyl_catalog.domain.imports import Import, ImportOrigin
from vinyl_catalog.imports.importer import Importer
from vinyl_catalog.index.generations import Generations
from vinyl_catalog.index.indexer import Indexer
from vinyl_catalog.settings import Settings
from vinyl_catalog.store import import_lock
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.clock import now
from vinyl_chassis.database import Database
from vinyl_contracts.ids import ImportId, new_id
from vinyl_devstack.asgi_client import client_of
from vinyl_devstack.cloned_databases import Fill

REAL = Path(__file__).parents[4] / "shared" / "real" / "discogs_dump"
Headers = dict[str, str]
TakeIn = Callable[..., Awaitable[Import]]
WriteDump = Callable[..., Path]
CatchUp = Callable[[], Awaitable[None]]


def dump_of(kind: str, written: Sequence[str]) -> bytes:
    return f"<{kind}>\n{chr(10).join(written)}\n</{kind}>\n".encode()


async def import_files(store: Store, database_url: str, paths: Sequence[Path]) -> Import:
    import_ = Import.of(ImportId(new_id()), ImportOrigin.COMMAND, [str(path) for path in paths], now())
    async with import_lock.taken(database_url, lambda: None) as lock:
        return await Importer(store, lock, lambda _import, _progress: None).carry_out(import_)


class Records:
    """Dump records, written as Discogs writes them."""

    @staticmethod
    def credit(
        discogs_id: int, name: str, *, anv: str = "", join: str = "", role: str = "", tracks: str = ""
    ) -> str:
        return (
            f"<artist><id>{discogs_id}</id><name>{escape(name)}</name><anv>{escape(anv)}</anv>"
            f"<join>{escape(join)}</join><role>{escape(role)}</role><tracks>{tracks}</tracks></artist>"
        )

    @staticmethod
    def track(position: str, title: str, duration: str = "", *, more: str = "") -> str:
        return (
            f"<track><position>{position}</position><title>{escape(title)}</title>"
            f"<duration>{duration}</duration>{more}</track>"
        )

    @staticmethod
    def artist(discogs_id: int, name: str, *, more: str = "") -> str:
        return f"<artist><id>{discogs_id}</id><name>{escape(name)}</name>{more}</artist>"

    @staticmethod
    def label(discogs_id: int, name: str, *, more: str = "") -> str:
        return f"<label><id>{discogs_id}</id><name>{escape(name)}</name>{more}</label>"

    @staticmethod
    def master(
        discogs_id: int,
        title: str,
        main: int,
        *,
        artists: str = "",
        year: int = 1971,
        genre: str = "Jazz",
        more: str = "",
    ) -> str:
        return (
            f'<master id="{discogs_id}"><main_release>{main}</main_release><artists>{artists}</artists>'
            f"<genres><genre>{escape(genre)}</genre></genres><year>{year}</year><title>{escape(title)}</title>{more}</master>"
        )

    @staticmethod
    def release(
        discogs_id: int,
        title: str,
        *,
        artists: str = "",
        master: tuple[int, bool] | None = None,
        released: str = "1971-03-00",
        country: str = "UK",
        label: tuple[int, str, str] = (7, "Moss Records", "MOSS 1"),
        tracks: str = "",
        barcode: str = "",
        genre: str = "Jazz",
        more: str = "",
    ) -> str:
        of_master = (
            f'<master_id is_main_release="{str(master[1]).lower()}">{master[0]}</master_id>' if master else ""
        )
        number, name, catno = label
        identifiers = f'<identifier type="Barcode" value="{barcode}"/>' if barcode else ""
        return (
            f'<release id="{discogs_id}" status="Accepted"><artists>{artists}</artists>'
            f"<title>{escape(title)}</title>"
            f'<labels><label name="{escape(name)}" catno="{escape(catno)}" id="{number}"/></labels>'
            '<formats><format name="Vinyl" qty="1" text=""><descriptions><description>LP</description>'
            "</descriptions></format></formats>"
            f"<genres><genre>{escape(genre)}</genre></genres><country>{escape(country)}</country>"
            f"<released>{released}</released>{of_master}<tracklist>{tracks}</tracklist>"
            f"<identifiers>{identifiers}</identifiers>{more}</release>"
        )


@pytest.fixture(scope="session")
def records() -> type[Records]:
    return Records


@pytest.fixture
def write_dump(tmp_path: Path) -> WriteDump:
    """`write_dump("releases", [record, …])`: the path of a dump file; `packed` gzips it."""
    numbers = count(1)

    def write(kind: str, written: Sequence[str], *, packed: bool = False) -> Path:
        content = dump_of(kind, written)
        path = tmp_path / f"{kind}_{next(numbers)}.xml{'.gz' if packed else ''}"
        path.write_bytes(gzip.compress(content) if packed else content)
        return path

    return write


@pytest.fixture
def real_dump() -> Path:
    if not REAL.is_dir():
        pytest.skip(f"the real dump files are not here ({REAL})")
    return REAL


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Fill]:
    """`imported(artists=[record, …], …)`: what fills a database with these dumps, in their order."""

    def fill_with(**dumps: Sequence[str]) -> Fill:
        async def fill(database_url: str) -> None:
            folder, store = tmp_path_factory.mktemp("dumps"), Database(database_url)
            paths = [folder / f"{kind}.xml" for kind in dumps]
            for path, written in zip(paths, dumps.values(), strict=True):
                path.write_bytes(dump_of(path.stem, written))
            await import_files(Store(store), database_url, paths)
            await store.close()

        return fill

    return fill_with


@pytest.fixture
def filled_by() -> Fill | None:
    """What fills the test's database. For a folder to say; else it is empty."""
    return None


@pytest.fixture(scope="session")
def settings_in(jwks_url: str) -> Callable[[str, Path], Settings]:
    """`settings_in(database_url, folder)`"""

    def settings(database_url: str, folder: Path) -> Settings:
        return Settings(
            database_url=database_url,
            jwks_url=jwks_url,
            cursor_secret="only for this test",
            imports_folder=str(folder),
            index_folder=str(folder / "index"),
            media_folder=str(folder / "media"),
        )

    return settings


@pytest.fixture
def settings(
    clone_database: Callable[..., str],
    filled_by: Fill | None,
    settings_in: Callable[[str, Path], Settings],
    tmp_path: Path,
) -> Settings:
    return settings_in(clone_database("catalog", filled_by), tmp_path)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    database = Database(settings.database_url)
    yield Store(database)
    await database.close()


@pytest.fixture
async def connection(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture
def take_in(store: Store, settings: Settings) -> TakeIn:
    """`await take_in(path, …)`: the import of these files, at its end."""

    async def take(*paths: Path) -> Import:
        return await import_files(store, settings.database_url, paths)

    return take


@pytest.fixture
def catch_up(store: Store, settings: Settings) -> CatchUp:
    """`await catch_up()`: the search index has everything."""
    return Indexer(store, settings.database_url, Generations(settings.index_path)).catch_up


@pytest.fixture
def app(settings: Settings) -> Litestar:
    return create_app(settings)


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


@pytest.fixture
def as_admin(token_for: Callable[..., str]) -> Headers:
    return {"Authorization": f"Bearer {token_for('ada', roles=('listener', 'admin'))}"}
