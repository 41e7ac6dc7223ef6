"""What becomes of records: albums, merges, mentions, songs, counts, events."""

from itertools import permutations

import asyncpg
import httpx
import msgspec
import pytest

from vinyl_catalog.domain.imports import ImportState
from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.catalog import AlbumsImported, AlbumState

_COUNTED = (
    "artists",
    "labels",
    "albums",
    "releases",
    "tag_counts",
    "album_redirects",
    "untold_albums",
)


async def versions_of_rows(connection: asyncpg.Connection) -> dict[str, object]:
    """Changes with any write to any row of the catalogue, and with any event."""
    digest = "select md5(string_agg(ctid::text || xmin::text, ',' order by ctid)) from "
    found: dict[str, object] = {table: await connection.fetchval(digest + table) for table in _COUNTED}
    return found | {"events": await connection.fetchval("select count(*) from outbox")}


async def list_songs(client: httpx.AsyncClient) -> list[dict[str, object]]:
    return (await client.get("/api/v1/songs", params={"limit": 100})).json()["items"]


async def list_titles(client: httpx.AsyncClient) -> list[object]:
    return [song["title"] for song in await list_songs(client)]


async def told_albums(connection: asyncpg.Connection) -> list[AlbumState]:
    told = []
    for row in await connection.fetch("select envelope from outbox order by id"):
        envelope = msgspec.json.decode(row["envelope"], type=Envelope)
        assert envelope.type == "vinyl.catalog.albums_imported.v1"
        told += msgspec.json.decode(envelope.data, type=AlbumsImported).albums
    return told


async def test_the_same_files_again_change_nothing(take_in, write_dump, records, connection) -> None:
    vera = records.credit(5, "Vera Lund", anv="V. Lund")
    files = [
        write_dump("artists", [records.artist(5, "Vera Lund")]),
        write_dump("labels", [records.label(7, "Moss Records")]),
        write_dump("masters", [records.master(8, "First Light", 1, artists=vera)]),
        write_dump(
            "releases",
            [
                records.release(
                    1, "First Light", artists=vera, master=(8, True), tracks=records.track("A1", "Dawn")
                )
            ],
        ),
    ]
    first = await take_in(*files)
    before = await versions_of_rows(connection)
    again = await take_in(*files)
    assert (first.total("imported"), first.total("unchanged")) == (4, 0)
    assert (again.total("imported"), again.total("unchanged")) == (0, 4)
    assert await versions_of_rows(connection) == before


async def test_a_change_of_what_is_not_kept_changes_nothing(take_in, write_dump, records, connection) -> None:
    await take_in(
        write_dump(
            "releases", [records.release(1, "First Light", more="<data_quality>Correct</data_quality>")]
        )
    )
    told = await connection.fetchval("select count(*) from outbox")
    again = await take_in(
        write_dump(
            "releases", [records.release(1, "First Light", more="<data_quality>Needs Vote</data_quality>")]
        )
    )
    assert (again.total("imported"), again.total("unchanged")) == (0, 1)
    assert await connection.fetchval("select count(*) from outbox") == told


async def test_a_master_that_comes_late_takes_its_releases_in(
    take_in, write_dump, records, connection, client
) -> None:
    tracks = records.track("A1", "Dawn") + records.track("A2", "Dusk")
    await take_in(
        write_dump(
            "releases",
            [
                records.release(1, "First Light (Reissue)", master=(8, False), released="1999"),
                records.release(2, "First Light", master=(8, True), tracks=tracks),
            ],
        )
    )
    lone = [row["id"] for row in await connection.fetch("select id from albums order by id")]
    songs_before = await list_songs(client)
    await take_in(write_dump("masters", [records.master(8, "First Light", 2)]))
    [album] = await connection.fetch("select * from albums")
    redirects = await connection.fetch("select album_id, target_id from album_redirects order by album_id")
    assert [(row["album_id"], row["target_id"]) for row in redirects] == [(old, album["id"]) for old in lone]
    assert album["release_count"] == 2
    assert (
        await connection.fetchval(
            "select discogs_release_id from releases where id = $1", album["lead_release_id"]
        )
        == 2
    )
    songs = await list_songs(client)
    assert [(song["id"], song["title"]) for song in songs] == [
        (song["id"], song["title"]) for song in songs_before
    ]
    state = (await told_albums(connection))[-1]
    assert state.album_id == album["id"]
    assert sorted(state.replaces) == lone
    assert {release.discogs_release_id for release in state.releases} == {1, 2}
    assert state.releases_complete


async def test_a_redirect_leads_to_the_last_survivor(take_in, write_dump, records, connection) -> None:
    await take_in(write_dump("releases", [records.release(1, "First Light", master=(8, True))]))
    await take_in(write_dump("masters", [records.master(8, "First Light", 1)]))
    await take_in(write_dump("releases", [records.release(1, "First Light")]))
    await take_in(write_dump("releases", [records.release(1, "First Light", master=(9, True))]))
    await take_in(write_dump("masters", [records.master(9, "Other Light", 1)]))
    survivors = {row["id"] for row in await connection.fetch("select id from albums")}
    targets = {row["target_id"] for row in await connection.fetch("select target_id from album_redirects")}
    assert targets <= survivors
    assert await connection.fetchval("select count(*) from album_redirects") == 2


async def test_without_its_main_release_an_album_has_the_tracks_of_the_earliest(
    take_in, write_dump, records, client
) -> None:
    await take_in(
        write_dump("masters", [records.master(8, "First Light", 99)]),
        write_dump(
            "releases",
            [
                records.release(
                    1, "Late", master=(8, False), released="1980", tracks=records.track("1", "Late")
                ),
                records.release(
                    2, "Early", master=(8, False), released="1971-03-00", tracks=records.track("1", "Early")
                ),
                records.release(
                    3, "Unknown", master=(8, False), released="", tracks=records.track("1", "Unknown")
                ),
            ],
        ),
    )
    assert await list_titles(client) == ["Early"]
    await take_in(
        write_dump(
            "releases",
            [
                records.release(
                    99, "Main", master=(8, True), released="1999", tracks=records.track("1", "Main")
                )
            ],
        )
    )
    assert await list_titles(client) == ["Main"]
    await take_in(write_dump("masters", [records.master(8, "First Light", 3)]))
    assert await list_titles(client) == ["Unknown"]


async def test_a_release_may_leave_its_master(take_in, write_dump, records, connection) -> None:
    await take_in(
        write_dump("masters", [records.master(8, "First Light", 1)]),
        write_dump(
            "releases",
            [records.release(1, "A", master=(8, True)), records.release(2, "B", master=(8, False))],
        ),
    )
    await take_in(write_dump("releases", [records.release(2, "B")]))
    counts = await connection.fetch("select title, release_count from albums order by title")
    assert [tuple(row) for row in counts] == [("B", 1), ("First Light", 1)]


async def test_names_that_are_only_mentioned_exist(take_in, write_dump, records, connection) -> None:
    member = records.artist(5, "The Lunds", more='<members><id>6</id><name id="6">Ida (2)</name></members>')
    various = records.credit(194, "Various")
    produced = "<extraartists>" + records.credit(0, "Nobody Known", role="Producer") + "</extraartists>"
    await take_in(
        write_dump("artists", [member]),
        write_dump(
            "labels", [records.label(7, "Moss", more='<parentLabel id="70">Moss Group</parentLabel>')]
        ),
        write_dump("releases", [records.release(1, "First Light", artists=various, more=produced)]),
    )
    artists = await connection.fetch(
        "select discogs_artist_id, name, document is null as bare from artists order by 1"
    )
    assert [tuple(row) for row in artists] == [
        (5, "The Lunds", False),
        (6, "Ida (2)", True),
        (194, "Various", True),
    ]
    labels = await connection.fetch("select discogs_label_id, name from labels order by 1")
    assert [tuple(row) for row in labels] == [(7, "Moss"), (70, "Moss Group")]
    first_id = await connection.fetchval("select id from artists where discogs_artist_id = 194")
    await take_in(write_dump("artists", [records.artist(194, "Various", more="<profile>Many.</profile>")]))
    assert await connection.fetchval("select id from artists where discogs_artist_id = 194") == first_id


async def test_counts_follow_every_change(take_in, write_dump, records, connection) -> None:
    async def counts() -> dict[str, int]:
        rows = await connection.fetch("select tag, album_count from tag_counts where album_count > 0")
        return {row["tag"]: row["album_count"] for row in rows}

    await take_in(
        write_dump(
            "releases",
            [
                records.release(1, "A", master=(8, True), country="UK"),
                records.release(2, "B", master=(8, False), country="USSR", genre="Rock"),
            ],
        )
    )
    assert (await counts())["genre:Jazz"] == 1
    assert (await counts())["format:LP"] == 2
    await take_in(write_dump("masters", [records.master(8, "A", 1, genre="Jazz")]))
    assert await counts() == {
        "genre:Jazz": 1,
        "format:Vinyl": 1,
        "format:LP": 1,
        "country:UK": 1,
        "code:GB": 1,
        "country:USSR": 1,
        "label:7": 1,
    }


async def test_a_record_with_a_null_artist_is_taken_as_it_is(
    take_in, write_dump, records, connection
) -> None:
    nobody = "<artist><id/><name/><anv/><join/><role/><tracks/></artist>"
    nameless = "<artist><id>55</id><name/></artist>"
    done = await take_in(
        write_dump("masters", [records.master(8, "First Light", 1, artists=nobody)]),
        write_dump("releases", [records.release(1, "First Light", artists=nobody + nameless)]),
        write_dump("artists", [records.artist(5, "Vera"), "<artist><id>6</id><name/></artist>", "<artist/>"]),
    )
    assert done.state is ImportState.DONE
    assert (done.total("read"), done.total("imported"), done.total("rejected")) == (5, 3, 2)
    rejects = await connection.fetch("select kind, discogs_id, reason from import_rejects order by id")
    assert [tuple(row) for row in rejects] == [
        ("artist", 6, "the name is missing"),
        ("artist", None, "the id is missing"),
    ]


async def test_a_bad_file_fails_and_the_others_are_taken_in(take_in, write_dump, records, tmp_path) -> None:
    page = tmp_path / "page.xml"
    page.write_text("<html></html>")
    done = await take_in(page, write_dump("artists", [records.artist(5, "Vera")]))
    assert done.state is ImportState.FAILED
    assert done.error is not None
    assert "root element is <html>" in done.error
    assert done.total("imported") == 1


async def test_large_imports_are_told_in_bounded_events(take_in, write_dump, records, connection) -> None:
    written = [records.release(number, f"Record {number}") for number in range(1, 1302)]
    await take_in(write_dump("releases", written, packed=True))
    rows = await connection.fetch("select envelope from outbox")
    assert all(len(row["envelope"]) <= 512 * 1024 for row in rows)
    batches = [
        msgspec.json.decode(
            msgspec.json.decode(row["envelope"], type=Envelope).data, type=AlbumsImported
        ).albums
        for row in rows
    ]
    assert max(map(len, batches)) <= 200
    assert sum(map(len, batches)) == 1301


async def test_an_album_of_very_many_releases_is_told_with_all_of_them(
    take_in, write_dump, records, connection
) -> None:
    written = [records.release(n, "The Dark Side", master=(8, n == 1)) for n in range(1, 1301)]
    await take_in(
        write_dump("masters", [records.master(8, "The Dark Side", 1)]),
        write_dump("releases", written, packed=True),
    )
    state = (await told_albums(connection))[-1]
    assert (state.releases_complete, len(state.releases)) == (True, 1300)


async def test_an_album_of_absurdly_many_releases_fits_an_event(
    take_in, write_dump, records, connection
) -> None:
    label = (7, "Moss", "M" * 4000)
    written = [records.release(n, "T" * 5000, master=(8, n == 1), label=label) for n in range(1, 400)]
    await take_in(
        write_dump("masters", [records.master(8, "First Light", 1)]), write_dump("releases", written)
    )
    assert await connection.fetchval("select max(length(envelope)) from outbox") <= 512 * 1024
    state = (await told_albums(connection))[-1]
    assert not state.releases_complete
    assert 0 < len(state.releases) < 399


async def test_absurd_texts_do_no_harm(take_in, write_dump, records) -> None:
    long = "Ж" * 9000
    more = f"<extraartists>{records.credit(6, long, anv=long)}</extraartists>"
    record = records.release(
        1,
        long,
        artists=records.credit(5, long),
        country=long,
        genre=long,
        label=(7, long, long),
        tracks=records.track("A", long),
        more=more,
    )
    done = await take_in(
        write_dump("releases", [record]), write_dump("masters", [records.master(8, long, 1, genre=long)])
    )
    assert done.total("imported") == 2


_SHOWN = {
    "artists": "select discogs_artist_id, name, sort_name, search_text, document from artists order by 1",
    "labels": "select discogs_label_id, parent_discogs_label_id, name, document from labels order by 1",
    "albums": """select a.discogs_master_id, a.discogs_release_id, a.title, a.year, a.tags,
        a.release_count, a.document, l.discogs_release_id as lead
        from albums a left join releases l on l.id = a.lead_release_id order by 1, 2""",
    "releases": """select r.discogs_release_id, a.discogs_master_id, a.discogs_release_id as lone, r.document,
        r.codes from releases r join albums a on a.id = r.album_id order by 1""",
    "tag_counts": "select tag, album_count from tag_counts where album_count <> 0 order by 1",
}


async def catalogue(connection: asyncpg.Connection) -> dict[str, list[tuple[object, ...]]]:
    """All of it but ids and times."""
    return {name: [tuple(row) for row in await connection.fetch(query)] for name, query in _SHOWN.items()}


@pytest.fixture
def mixed_dump(write_dump, records) -> dict[str, object]:
    """References both ways, some to nowhere, and names that differ between the files."""
    vera, other = records.credit(5, "Vera Lund", anv="V. L."), records.credit(5, "Vera M. Lund", join="&")
    ida = records.credit(6, "Ida Holm") + records.credit(6, "Ida Aholm")
    song = records.track("A1", "Dawn", "3:10") + records.track("A2", "Dusk", more=f"<artists>{ida}</artists>")
    return {
        "artists": write_dump(
            "artists",
            [
                records.artist(5, "Vera Lund (2)"),
                records.artist(9, "Una", more='<aliases><name id="6">Ida B</name></aliases>'),
            ],
        ),
        "labels": write_dump(
            "labels", [records.label(7, "Moss", more='<parentLabel id="71">Group</parentLabel>')]
        ),
        "masters": write_dump(
            "masters",
            [
                records.master(8, "First Light", 2, artists=other),
                records.master(10, "No Releases", 77, artists=vera, year=0),
                records.master(11, "Main Missing", 78, artists=ida),
            ],
        ),
        "releases": write_dump(
            "releases",
            [
                records.release(
                    1, "First Light US", artists=vera, master=(8, False), country="US", tracks=song
                ),
                records.release(
                    2, "First Light", artists=vera, master=(8, True), tracks=song + records.track("A3", "Day")
                ),
                records.release(3, "Lone", artists=ida, tracks=song, label=(72, "Alpha", "none")),
                records.release(
                    4, "Lost", artists=other, master=(404, True), tracks=song, label=(72, "Aleph", "A 1")
                ),
                records.release(5, "Later", master=(11, False), released="1981", tracks=song),
                records.release(6, "Sooner", master=(11, False), released="1980", barcode="074646362822"),
            ],
        ),
    }


@pytest.mark.parametrize(
    "order", list(permutations(["artists", "labels", "masters", "releases"])), ids="-".join
)
async def test_the_order_of_files_does_not_matter(
    order, take_in, mixed_dump, connection, clone_database
) -> None:
    done = await take_in(*(mixed_dump[kind] for kind in order))
    assert done.state is ImportState.DONE
    found = await catalogue(connection)
    assert [row[-1] for row in found["albums"]] == [2, None, 6, 3, 4]
    assert {row[0]: row[1] for row in found["artists"]} == {5: "Vera Lund (2)", 6: "Ida Aholm", 9: "Una"}
    assert {row[0]: row[2] for row in found["labels"]} == {7: "Moss", 71: "Group", 72: "Aleph"}
    expected = _REFERENCE.setdefault("catalogue", found)
    assert found == expected
    redirected = await connection.fetchval(
        "select count(*) from album_redirects where target_id not in (select id from albums)"
    )
    assert redirected == 0


_REFERENCE: dict[str, dict[str, list[tuple[object, ...]]]] = {}


async def test_of_many_albums_each_is_told_of_once(take_in, write_dump, records, connection) -> None:
    many = 6_500
    await take_in(write_dump("releases", [records.release(n, f"Light {n}") for n in range(1, many + 1)]))
    told = await told_albums(connection)
    assert len(told) == many
    assert {state.title for state in told} == {f"Light {n}" for n in range(1, many + 1)}
    assert await connection.fetchval("select count(*) from untold_albums") == 0


async def test_ids_of_songs_stay(take_in, write_dump, records, client) -> None:
    tracks = records.track("A1", "Dawn") + records.track("A2", "Dusk")
    await take_in(write_dump("releases", [records.release(1, "First Light", tracks=tracks)]))
    before = await list_songs(client)
    changed = records.track("A1", "Dawn (Mono)") + records.track("A2", "Dusk") + records.track("A3", "Night")
    await take_in(write_dump("releases", [records.release(1, "First Light", tracks=changed)]))
    after = await list_songs(client)
    assert [song["id"] for song in after][:2] == [song["id"] for song in before]
    assert [song["title"] for song in after] == ["Dawn (Mono)", "Dusk", "Night"]
