from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from vinyl_catalog.app import create_app
from vinyl_catalog.settings import Settings
from vinyl_devstack.cloned_databases import ClonedDatabases, Fill

BASE = "/api/v1"
Get = Callable[..., Awaitable[Any]]


@pytest.fixture
def get(client: AsyncTestClient) -> Get:
    """`await get("/albums", sort="year")`: the body of a 200."""

    async def read(path: str, **parameters: object) -> Any:
        answer = await client.get(BASE + path, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return read


def only_reads(request: pytest.FixtureRequest) -> bool:
    """What it reads is then what others read too: neither a database nor an application is made for it."""
    is_marked = request.node.get_closest_marker("only_reads") is not None
    return is_marked and not {"take_in", "connection"}.intersection(request.fixturenames)


@pytest.fixture
def filled_by(request: pytest.FixtureRequest) -> Fill | None:
    return request.getfixturevalue("three_masters") if "catalogue" in request.fixturenames else None


@pytest.fixture(scope="session")
def shared_settings(
    cloned_databases: ClonedDatabases,
    three_masters: Fill,
    settings_in: Callable[[str, Path], Settings],
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    _, database_url = cloned_databases.clone("catalog", three_masters)
    return settings_in(database_url, tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="session")
def shared_app(shared_settings: Settings) -> Litestar:
    return create_app(shared_settings)


@pytest.fixture
def settings(
    request: pytest.FixtureRequest,
    filled_by: Fill | None,
    settings_in: Callable[[str, Path], Settings],
    tmp_path: Path,
) -> Settings:
    if only_reads(request):
        return request.getfixturevalue("shared_settings")
    return settings_in(request.getfixturevalue("clone_database")("catalog", filled_by), tmp_path)


@pytest.fixture
def app(request: pytest.FixtureRequest, settings: Settings) -> Litestar:
    return request.getfixturevalue("shared_app") if only_reads(request) else create_app(settings)


@pytest.fixture
def catalogue(settings: Settings) -> None:
    """Three masters, five releases, two of them alone; two artists with records and two without."""


@pytest.fixture(scope="session")
def three_masters(imported: Callable[..., Fill], records) -> Fill:
    vera, ida = records.credit(5, "Vera Lund (2)", anv="V. Lund", join="&"), records.credit(6, "Ida Hölm")
    side = records.track("", "Side One") + records.track("", "")
    medley = records.track(
        "A2",
        "Medley",
        "9:00",
        more="<sub_tracks>" + records.track("A2.a", "Inside", "4:05") + "</sub_tracks>",
    )
    light = side + records.track("A1", "Dawn", "3:10") + medley
    return imported(
        artists=[
            records.artist(
                5,
                "Vera Lund (2)",
                more="<realname>Vera Maria Lund</realname>"
                "<profile>Sings with [a6] on [l=Moss], see [m8].</profile>"
                "<urls><url>https://vera.bandcamp.com</url></urls>"
                "<namevariations><name>V. Lund</name></namevariations>"
                '<aliases><name id="50">Vee</name></aliases>'
                '<groups><name id="51">The Lunds</name></groups>',
            ),
            records.artist(9, "Una", more='<members><id>5</id><name id="5">Vera Lund (2)</name></members>'),
        ],
        labels=[
            records.label(
                7, "Moss Records", more="<profile>[b]Oslo[/b]</profile><contactinfo>Box 1</contactinfo>"
            ),
            records.label(71, "Little Moss", more='<parentLabel id="7">Moss Records</parentLabel>'),
        ],
        masters=[
            records.master(8, "First Light", 1, artists=vera + ida, more="<notes>Made by [a5].</notes>"),
            records.master(10, "Östersjön", 99, artists=ida, year=0, genre="Folk, World, & Country"),
            records.master(11, "Zebra", 98, artists=ida, year=1980, genre="Rock"),
        ],
        releases=[
            records.release(
                1,
                "First Light",
                artists=vera + ida,
                master=(8, True),
                tracks=light,
                barcode="0 74646 36282 2",
                more="<notes>Cut at [l71].</notes>"
                "<companies><company><id>72</id><name>Blue Room</name><catno/>"
                "<entity_type_name>Recorded At</entity_type_name></company></companies>"
                '<videos><video src="https://videos.example/1" duration="190"><title>Dawn</title>'
                "</video></videos>",
            ),
            records.release(
                2,
                "First Light",
                master=(8, False),
                released="1999",
                country="USSR",
                label=(73, "Melodi", "none"),
            ),
            records.release(
                3,
                "Alone",
                artists=ida,
                released="1965-00-00",
                country="Germany",
                tracks=records.track("A", "Solo"),
                genre="Rock",
            ),
            records.release(4, "Undated", artists=ida, released="19??", country="UK & Europe"),
            records.release(
                12, "Early Zebra", artists=ida, master=(11, False), released="1979", genre="Rock"
            ),
        ],
    )
