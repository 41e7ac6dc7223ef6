from uuid import UUID

import pytest

from vinyl_catalog.domain.credits import credits_of, line_of, printed
from vinyl_catalog.domain.facts import SourceCredit, SourceTrack
from vinyl_catalog.domain.names import KnownName, KnownNames
from vinyl_catalog.domain.songs import place_of, release_id_from, song_id_of
from vinyl_catalog.domain.tracks import songs_in, tracks_of
from vinyl_contracts.ids import new_id

VERA, IDA = KnownName(UUID(int=1), "Vera Lund (2)", True), KnownName(UUID(int=2), "Ida Holm", True)
NAMES = KnownNames(artists={5: VERA, 6: IDA})


def test_the_kind_of_a_track_follows_from_what_it_has() -> None:
    side = SourceTrack(title="Side One")
    plain = SourceTrack(title="Dawn", position="A1")
    unnumbered = SourceTrack(title="Dusk", duration="2:00")
    medley = SourceTrack(title="Medley", position="A2", duration="9:00", sub_tracks=(plain,))
    assert [track.kind for track in tracks_of((side, plain, unnumbered, medley), KnownNames())] == [
        "heading",
        "track",
        "track",
        "index",
    ]


def test_songs_are_the_playable_tracks_those_in_an_index_too() -> None:
    vera = SourceCredit("Vera Lund (2)", 5)
    inside = SourceTrack(title="Inside", position="A2.a")
    own = SourceTrack(title="Own", position="A2.b", artists=(SourceCredit("Ida Holm", 6),))
    tracks = (
        SourceTrack(title="Side One"),
        SourceTrack(title="Dawn", position="A1"),
        SourceTrack(title="Medley", artists=(vera,), sub_tracks=(inside, own)),
    )
    songs = list(songs_in(tracks))
    assert [song.title for song in songs] == ["Dawn", "Inside", "Own"]
    assert [song.artists[0].name if song.artists else None for song in songs] == [
        None,
        "Vera Lund (2)",
        "Ida Holm",
    ]


def test_a_credit_has_the_artists_own_name_and_the_variation_only_where_it_differs() -> None:
    source = (
        SourceCredit("Vera Lund", 5, credited_as="V. Lund", join="&"),
        SourceCredit("Ida Holm", 6, credited_as="Ida Holm", join=","),
        SourceCredit("Somebody"),
    )
    credited = credits_of(source, NAMES)
    assert [(each.artist_id, each.name, each.credited_as, each.join) for each in credited] == [
        (VERA.id, "Vera Lund (2)", "V. Lund", "&"),
        (IDA.id, "Ida Holm", None, ","),
        (None, "Somebody", None, None),
    ]
    assert printed(credited) == line_of(source, NAMES) == "V. Lund & Ida Holm, Somebody"


@pytest.mark.parametrize(
    "credit",
    [
        SourceCredit("Vera", 5, join="&"),
        SourceCredit("Vera", 5, credited_as="Vera Lund (2)", join="feat."),
        SourceCredit("Not here", 7, join=","),
        SourceCredit("Mentioned", 8),
        SourceCredit("A name, "),
    ],
)
def test_a_line_is_what_its_credits_are_printed_as(credit: SourceCredit) -> None:
    names = KnownNames(artists={5: VERA, 8: KnownName(UUID(int=3), "Another spelling", False)})
    for source in ((), (credit,), (credit, credit)):
        assert line_of(source, names) == printed(credits_of(source, names))


def test_nothing_is_joined_after_the_last() -> None:
    assert credits_of([SourceCredit("Ida Holm", 6, join=",")], NAMES)[0].join is None


def test_a_songs_id_says_where_it_is() -> None:
    release_id = release_id_from(new_id())
    assert place_of(song_id_of(release_id, 1)) == (release_id, 1)
    assert place_of(song_id_of(release_id, 65535)) == (release_id, 65535)
    assert song_id_of(release_id, 1).version == 7


def test_one_without_a_record_is_called_as_each_record_calls_it() -> None:
    only_mentioned = KnownNames(artists={5: KnownName(UUID(int=1), "VERA", False)})
    [credit] = credits_of([SourceCredit("Vera", 5, credited_as="VERA")], only_mentioned)
    assert (credit.artist_id, credit.name, credit.credited_as) == (UUID(int=1), "Vera", "VERA")
