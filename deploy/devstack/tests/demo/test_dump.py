"""The dump files: the format of the real ones, ids of their own, nothing left hanging, one import away."""

import gzip
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from vinyl_catalog.imports.dump_files import chunks_of
from vinyl_catalog.imports.kinds import RecordKind
from vinyl_catalog.imports.preparing import Preparer
from vinyl_catalog.imports.records import DumpReader
from vinyl_catalog.imports.sources import LocalFile
from vinyl_devstack.demo import ids
from vinyl_devstack.demo.dump import KINDS, write_dump
from vinyl_devstack.demo.facts import Catalogue

REAL = Path(__file__).parents[5] / "shared/real/discogs_dump"


@pytest.fixture(scope="module")
def files(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    paths = write_dump(catalogue, tmp_path_factory.mktemp("dump"))
    return dict(zip(KINDS, paths, strict=True))


@pytest.fixture(scope="module")
def trees(files: dict[str, Path]) -> dict[str, ET.Element]:
    return {kind: tree_of(path) for kind, path in files.items()}


def tree_of(path: Path) -> ET.Element:
    return ET.fromstring(gzip.decompress(path.read_bytes()))  # noqa: S314 - written here, or a dump


def own_id(record: ET.Element) -> int:
    return int(record.get("id") or record.findtext("id") or 0)


def shapes(element: ET.Element, path: str = "") -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Of every element: where it is, its attributes, its children in their order."""
    path = f"{path}/{element.tag}"
    yield path, tuple(element.attrib), tuple(dict.fromkeys(child.tag for child in element))
    for child in element:
        yield from shapes(child, path)


def test_every_record_is_taken_by_the_importer(catalogue: Catalogue, files: dict[str, Path]) -> None:
    pressed = sum(len(album.pressings) for album in catalogue.albums)
    wanted = {
        "artists": len(catalogue.artists),
        "labels": len(catalogue.labels),
        "masters": sum(album.has_master for album in catalogue.albums),
        "releases": pressed,
    }
    taken = {}
    for kind, path in files.items():
        reader = DumpReader(chunks_of(LocalFile(path)))
        assert reader.kind == RecordKind(kind.removesuffix("s"))
        preparer = Preparer(reader.kind)
        prepared = preparer.prepare(preparer.enter(reader.records()), {})
        assert prepared.rejects == []
        taken[kind] = len(prepared.rows) + len(prepared.fresh)
    assert taken == wanted


def test_ids_are_unique_and_above_all_of_discogs(trees: dict[str, ET.Element]) -> None:
    for kind, tree in trees.items():
        numbers = [own_id(record) for record in tree]
        assert len(numbers) == len(set(numbers)), kind
        assert all(ids.FIRST_MASTER <= number < 2**31 for number in numbers), kind
    everything = [own_id(record) for kind in ("masters", "releases") for record in trees[kind]]
    assert len(everything) == len(set(everything))


def test_an_id_stays_when_others_come_and_go() -> None:
    assert ids.master_id(101) == 900_000_101
    assert ids.release_id(101, 3) == 910_010_103
    assert ids.artist_id("Miles Davis") == 1_406_579_370
    assert ids.label_id("Blue Note") != ids.artist_id("Blue Note")
    assert ids.artist_id("Various") == 194


def test_every_reference_resolves(trees: dict[str, ET.Element]) -> None:
    known = {kind: {own_id(record) for record in tree} for kind, tree in trees.items()}
    credited = {
        int(artist.findtext("id") or 0)
        for kind in ("masters", "releases")
        for place in ("artists", "extraartists")
        for element in trees[kind].iter(place)
        for artist in element
    }
    linked = {int(name.get("id") or 0) for name in trees["artists"].iter("name") if "id" in name.attrib}
    assert credited | linked <= known["artists"] | {ids.VARIOUS}
    labels = {int(label.get("id") or 0) for label in trees["releases"].iter("label")}
    companies = {int(company.findtext("id") or 0) for company in trees["releases"].iter("company")}
    parents = {int(parent.get("id") or 0) for parent in trees["labels"].iter("parentLabel")}
    assert labels | companies | parents <= known["labels"]
    assert {int(master.text or 0) for master in trees["releases"].iter("master_id")} == known["masters"]
    assert {int(main.text or 0) for main in trees["masters"].iter("main_release")} <= known["releases"]


def test_each_master_has_one_main_release(trees: dict[str, ET.Element]) -> None:
    mains = {int(main.text or 0) for main in trees["masters"].iter("main_release")}
    marked = {
        own_id(release)
        for release in trees["releases"]
        for master in release.iter("master_id")
        if master.get("is_main_release") == "true"
    }
    assert mains == marked


def test_the_same_demo_gives_the_same_bytes(
    catalogue: Catalogue, files: dict[str, Path], tmp_path: Path
) -> None:
    again = write_dump(catalogue, tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files.values()]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real dump files are not beside this repository")
@pytest.mark.parametrize("kind", KINDS)
def test_the_format_is_that_of_the_real_dump(kind: str, trees: dict[str, ET.Element]) -> None:
    real_attributes: dict[str, set[str]] = {}
    real_followers: dict[str, set[tuple[str, str]]] = {}
    for path, attributes, children in shapes(tree_of(REAL / f"discogs_20200806_{kind}.xml.gz")):
        real_attributes.setdefault(path, set()).update(attributes)
        real_followers.setdefault(path, set()).update(pairs(children))
    real_attributes["/labels/label/sublabels/label"] = {"id"}  # the slice leaves it empty
    for path, attributes, children in shapes(trees[kind]):
        assert path in real_attributes
        assert set(attributes) <= real_attributes[path], path
        turned = {(second, first) for first, second in pairs(children)} & real_followers[path]
        assert not turned, path


def pairs(children: tuple[str, ...]) -> set[tuple[str, str]]:
    """Each child with each that comes after it."""
    return {(first, second) for place, first in enumerate(children) for second in children[place + 1 :]}
