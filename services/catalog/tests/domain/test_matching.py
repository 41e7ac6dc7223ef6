import msgspec
import pytest

from vinyl_catalog.domain.matching import Candidate, Subject, Verdict, match
from vinyl_catalog.domain.sources import Source, SubjectKind, is_foreign_id
from vinyl_contracts.ids import new_id

ALBUM = Subject(
    new_id(), SubjectKind.ALBUM, "The Dark Side of the Moon", "Pink Floyd", year=1973, track_count=10
)


def candidate(name: str, artist: str = "Pink Floyd", year: int | None = None, tracks: int | None = None):
    return Candidate("x", name, artist, year, tracks)


@pytest.mark.parametrize(
    "found",
    [
        candidate("The Dark Side of the Moon", year=1973, tracks=10),
        candidate("Dark Side Of The Moon", year=1973),
        candidate("The Dark Side of the Moon (2011 Remastered Version)", year=1973, tracks=10),
        candidate("The Dark Side of the Moon [Deluxe Edition]", year=1973, tracks=20),
        candidate("the dark side of the moon", "PINK FLOYD"),
        candidate("The Dark Side of the Moon - EP", year=1974),
    ],
)
def test_editions_and_spellings_are_certain(found: Candidate) -> None:
    assert match(ALBUM, [found]).verdict is Verdict.CERTAIN


@pytest.mark.parametrize(
    "found",
    [
        candidate("The Dark Side of the Moon", "Dream Theater", year=1973),
        candidate("The Wall", year=1979),
        candidate("Wish You Were Here", year=1973, tracks=10),
        candidate(""),
        candidate("月の裏側", "ピンク・フロイド"),
    ],
)
def test_others_are_not_it(found: Candidate) -> None:
    assert match(ALBUM, [found]).verdict is Verdict.NONE


@pytest.mark.parametrize(
    "found",
    [
        candidate("A Tribute to The Dark Side of the Moon", "Various Artists"),
        candidate("The Dark Side of the Moon (Karaoke Version)"),
        candidate("The Dark Side of the Moon", "Pink Floyd Tribute Band"),
        candidate("The Dark Side of the Moon (Made Famous by Pink Floyd)", "Studio Hits"),
        candidate("Dark Side of the Moon: Lullaby Renditions of Pink Floyd", "Rockabye Baby!"),
        candidate("The Dark Side of the Moon - Piano Covers", "Pink Floyd"),
    ],
)
def test_tributes_karaoke_and_covers_are_dropped(found: Candidate) -> None:
    linked = msgspec.structs.replace(found, year=1973, track_count=10)
    assert match(ALBUM, [linked]).verdict is Verdict.NONE


def test_a_tribute_is_found_by_its_own_name() -> None:
    tribute = msgspec.structs.replace(ALBUM, name="A Tribute to Pink Floyd", artist="Various")
    found = match(tribute, [candidate("A Tribute to Pink Floyd", "Various Artists", 1973)])
    assert found.verdict is Verdict.CERTAIN


@pytest.mark.parametrize(
    "found",
    [
        candidate("The Dark Side of the Moon (Live)", year=1973),
        candidate("The Dark Side of the Moon", "Pink Floyd", year=1990, tracks=3),
        candidate("The Dark Side of the Room", year=1973),
    ],
)
def test_what_is_like_it_waits_for_a_curator(found: Candidate) -> None:
    judged = match(ALBUM, [found])
    assert judged.verdict is Verdict.DOUBTFUL
    assert judged.best.reasons


def test_two_that_are_as_good_wait_for_a_curator() -> None:
    """Two self-titled albums, of which the year is not known."""
    unknown = Subject(new_id(), SubjectKind.ALBUM, "Weezer", "Weezer")
    both = [
        Candidate("blue", "Weezer", "Weezer", 1994),
        Candidate("green", "Weezer", "Weezer", 2001),
    ]
    assert match(unknown, both).verdict is Verdict.DOUBTFUL
    known = match(msgspec.structs.replace(unknown, year=2001), both)
    assert (known.verdict, known.best.foreign_id) == (Verdict.CERTAIN, "green")


def test_what_names_our_own_record_is_certain_whatever_it_is_called() -> None:
    found = Candidate("x", "Другое имя", linked=True)
    judged = match(ALBUM, [found, candidate("The Dark Side of the Moon", year=1973)])
    assert (judged.verdict, judged.best.confidence) == (Verdict.CERTAIN, 1.0)


def test_what_a_curator_rejected_is_not_found_again() -> None:
    assert match(ALBUM, [candidate("The Dark Side of the Moon")], ["x"]).verdict is Verdict.NONE


@pytest.mark.parametrize(
    ("name", "found", "verdict"),
    [
        ("Björk", ["Bjork"], Verdict.CERTAIN),
        ("The Beatles", ["Beatles, The"], Verdict.CERTAIN),
        ("Кино", ["Кино"], Verdict.CERTAIN),
        ("Nirvana", ["Nirvana", "Nirvana"], Verdict.DOUBTFUL),
        ("Nirvana (2)", ["Nirvana"], Verdict.DOUBTFUL),
        ("Nirvana", ["Nirvana UK Tribute"], Verdict.NONE),
    ],
)
def test_artists_by_name(name: str, found: list[str], verdict: Verdict) -> None:
    artist = Subject(new_id(), SubjectKind.ARTIST, name)
    assert match(artist, [Candidate(str(n), each) for n, each in enumerate(found)]).verdict is verdict


@pytest.mark.parametrize(
    ("source", "text", "is_one"),
    [
        (Source.MUSICBRAINZ, "f5093c06-23e3-404f-aeaa-40f72885ee3a", True),
        (Source.MUSICBRAINZ, "../../etc/passwd", False),
        (Source.WIKIPEDIA, "AC/DC (álbum)", True),
        (Source.WIKIPEDIA, "..", False),
        (Source.WIKIPEDIA, "a\nb", False),
        (Source.APPLE_MUSIC, "77?x=1", False),
        (Source.DISCOGS, "master/8", True),
        (Source.DISCOGS, "users/8", False),
    ],
)
def test_foreign_ids_are_spelled_as_their_source_does(source: Source, text: str, is_one: bool) -> None:
    assert is_foreign_id(source, text) is is_one
