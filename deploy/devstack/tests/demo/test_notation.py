import pytest

from vinyl_devstack.demo import notation
from vinyl_devstack.demo.facts import Credit, Format, Identifier, LabelUse, Track
from vinyl_devstack.demo.notation import BadNotation


def test_credits_name_roles_variations_and_tracks() -> None:
    assert notation.credits_of("Bass: Ron Carter [A1 to B1], Paul Jones as P. Jones [B2, B3]\n") == (
        Credit("Ron Carter", role="Bass", tracks="A1 to B1"),
        Credit("Paul Jones", "P. Jones", role="Bass", tracks="B2, B3"),
    )


def test_several_artists_are_joined() -> None:
    assert notation.artists_of(["Stan Getz", "/", "João Gilberto"]) == (
        Credit("Stan Getz", join="/"),
        Credit("João Gilberto"),
    )


def test_a_track_may_lack_its_duration_and_end_in_a_time() -> None:
    assert notation.tracks_of("= Side One\nA1 11:59 3:19\nA2 Two // Others 4:00\n- Three\n") == (
        Track("", "Side One"),
        Track("A1", "11:59", "3:19"),
        Track("A2", "Two", "4:00", (Credit("Others"),)),
        Track("", "Three"),
    )


def test_tracks_that_are_set_in_are_parts() -> None:
    assert notation.tracks_of("A Suite 9:00\n  A.a One 4:00\n  A.b Two") == (
        Track("A", "Suite", "9:00", sub_tracks=(Track("A.a", "One", "4:00"), Track("A.b", "Two"))),
    )


def test_a_disc_has_no_sides() -> None:
    tracks = notation.tracks_of("= Heading\nA One\nB1 Two\n  B1.a Part")
    assert notation.renumbered(tracks) == (
        Track("", "Heading"),
        Track("1", "One"),
        Track("2", "Two", sub_tracks=(Track("2.a", "Part"),)),
    )


def test_formats_are_read_with_quantity_and_text() -> None:
    assert notation.formats_of('2LP, Album, Stereo (Gatefold, 180 g) + 7", 33 ⅓ RPM, EP') == (
        Format("Vinyl", 2, "Gatefold, 180 g", ("LP", "Album", "Stereo")),
        Format("Vinyl", 1, "", ('7"', "33 ⅓ RPM", "EP")),
    )
    assert notation.formats_of("CD, Album") == (Format("CD", 1, "", ("Album",)),)


def test_labels_have_numbers() -> None:
    assert notation.labels_of("ECM Records [ECM 1064/65], Van Gelder Studio, Englewood [none]") == (
        LabelUse("ECM Records", "ECM 1064/65"),
        LabelUse("Van Gelder Studio, Englewood", "none"),
    )


def test_a_month_without_a_day_is_written_as_in_the_dump() -> None:
    assert [notation.released_of(text) for text in ("1959", "1959-08", "1959-08-17")] == [
        "1959",
        "1959-08-00",
        "1959-08-17",
    ]


def test_identifiers_are_barcodes_and_run_outs() -> None:
    assert notation.identifiers_of({"barcode": "1", "runout A": "ONE", "title": "T"}) == (
        Identifier("Barcode", "1"),
        Identifier("Matrix / Runout", "ONE", "Side A, etched"),
    )


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (notation.credits_of, "Producer"),
        (notation.credits_of, "Producer: Someone [A1"),
        (notation.tracks_of, "A1"),
        (notation.labels_of, "Blue Note BLP 1577"),
        (notation.formats_of, "Vinyl, LP"),
        (notation.released_of, "196?"),
    ],
)
def test_what_is_not_understood_is_refused(read: object, text: str) -> None:
    assert callable(read)
    with pytest.raises(BadNotation):
        read(text)
