from pathlib import Path

import pytest

from vinyl_devstack.demo.reading import BadDemo, read_catalogue

ALBUM = """
[[album]]
no = 1
artist = "Someone"
title = "Something"
year = 1970
genre = "Rock: Punk"
tracks = "A1 One 1:00"
pressings = "1 | UK | 1970 | Label [L 1] | LP, Album"
"""


def demo_with(folder: Path, albums: str, artists: str = "", labels: str = "") -> Path:
    (folder / "albums").mkdir()
    (folder / "albums/some.toml").write_text(albums)
    (folder / "artists.toml").write_text(artists)
    (folder / "labels.toml").write_text(labels)
    return folder


def test_names_that_occur_get_records(tmp_path: Path) -> None:
    folder = demo_with(
        tmp_path,
        ALBUM.replace('"Someone"', '"Someone as SOMEONE"'),
        '"Someone" = { members = ["Another"], variations = ["S."] }',
        '"Label" = { parent = "Corporation" }',
    )
    catalogue = read_catalogue(folder)
    assert [artist.name for artist in catalogue.artists] == ["Another", "Someone"]
    assert catalogue.artists[1].variations == ("S.", "SOMEONE")
    assert catalogue.groups == {"Another": ["Someone"]}
    assert [label.name for label in catalogue.labels] == ["Corporation", "Label"]
    assert catalogue.sublabels == {"Corporation": ["Label"]}


def test_aliases_count_in_both_directions(tmp_path: Path) -> None:
    folder = demo_with(tmp_path, ALBUM, '"Someone" = { aliases = ["S1"] }')
    assert read_catalogue(folder).aliases == {"Someone": ["S1"], "S1": ["Someone"]}


def test_a_pressing_may_have_another_title_artist_and_tracks(tmp_path: Path) -> None:
    other = "2 | US | 1971 | Label [L 2] | LP, Album | title: Elsewhere | artist: Them | tracks: short"
    albums = ALBUM.replace('LP, Album"', f'LP, Album\\n{other}"') + '[album.other_tracks]\nshort = "A Only"\n'
    album = read_catalogue(demo_with(tmp_path, albums)).albums[0]
    first, second = album.pressings
    assert (first.title, first.artists[0].credited_as, first.tracks[0].title) == ("Something", "", "One")
    assert (second.title, second.artists[0].credited_as, second.tracks[0].title) == (
        "Elsewhere",
        "Them",
        "Only",
    )


@pytest.mark.parametrize(
    ("albums", "said"),
    [
        (ALBUM.replace("no = 1", "no = 1\nnumber = 1"), "number"),
        (ALBUM.replace("LP, Album", "Vinyl"), "album 1 (Something)"),
        (ALBUM.replace("LP, Album", "LP, Album | colour: red"), "colour"),
        (ALBUM.replace("LP, Album", "LP, Album | tracks: cd"), "'cd'"),
        (ALBUM.replace("1 | UK | 1970 | ", "1 | "), "a pressing is"),
        (ALBUM + '[album.other_tracks]\n7 = "A One"\n', "'7'"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, albums: str, said: str) -> None:
    with pytest.raises(BadDemo) as refused:
        read_catalogue(demo_with(tmp_path, albums))
    assert "some.toml" in str(refused.value)
    assert said in str(refused.value)
