"""What the files say is plausible, as far as one can tell without knowing music."""

import unicodedata
from collections import Counter
from collections.abc import Iterator

from vinyl_devstack.demo.facts import Album, Catalogue, Pressing, Track

GENRES = {
    "Blues",
    "Brass & Military",
    "Children's",
    "Classical",
    "Electronic",
    "Folk, World, & Country",
    "Funk / Soul",
    "Hip Hop",
    "Jazz",
    "Latin",
    "Non-Music",
    "Pop",
    "Reggae",
    "Rock",
    "Stage & Screen",
}
AREAS = {"Europe", "UK & Europe"}
COUNTRIES = AREAS | set(
    "Argentina Australia Belgium Brazil Canada Chile France Germany Greece Hungary Iceland Italy Jamaica "
    "Japan Lebanon Netherlands Nigeria Norway Poland Portugal Russia Spain Sweden Switzerland Turkey UK US "
    "USSR".split()
)


def pressings(catalogue: Catalogue) -> Iterator[tuple[Album, Pressing]]:
    return ((album, pressing) for album in catalogue.albums for pressing in album.pressings)


def seconds(duration: str) -> int:
    minutes, _, rest = duration.partition(":")
    return int(minutes) * 60 + int(rest)


def is_valid_barcode(barcode: str) -> bool:
    digits = [int(digit) for digit in barcode.zfill(13)]
    return len(digits) == 13 and sum(digits[::2]) % 10 == -3 * sum(digits[1::2]) % 10


def all_tracks(tracks: tuple[Track, ...]) -> Iterator[Track]:
    for track in tracks:
        yield track
        yield from track.sub_tracks


def scripts_of(album: Album) -> set[str]:
    text = album.title + "".join(credit.name for credit in album.artists)
    return {unicodedata.name(letter).split()[0] for letter in text if letter.isalpha()}


def test_there_is_enough_to_search(catalogue: Catalogue) -> None:
    assert len(catalogue.albums) >= 220
    decades = Counter(album.year // 10 * 10 for album in catalogue.albums)
    assert {1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020} <= decades.keys()
    assert len(Counter(genre for album in catalogue.albums for genre in album.genres)) >= 12
    assert sum(len(album.pressings) > 1 for album in catalogue.albums) > len(catalogue.albums) / 2
    assert 3 <= sum(not album.has_master for album in catalogue.albums) <= 20
    scripts = set().union(*map(scripts_of, catalogue.albums))
    assert {"LATIN", "CYRILLIC", "GREEK", "HIRAGANA", "CJK", "ARABIC"} <= scripts


def test_no_album_is_there_twice(catalogue: Catalogue) -> None:
    numbers = Counter(album.number for album in catalogue.albums)
    assert [number for number, count in numbers.items() if count > 1] == []
    named = Counter(
        (album.title.casefold(), tuple(credit.name for credit in album.artists)) for album in catalogue.albums
    )
    assert [name for name, count in named.items() if count > 1] == []


def test_genres_and_countries_are_those_of_discogs(catalogue: Catalogue) -> None:
    assert {genre for album in catalogue.albums for genre in album.genres} <= GENRES
    assert {pressing.country for _, pressing in pressings(catalogue)} <= COUNTRIES
    assert all(style for album in catalogue.albums for style in album.styles)


def test_pressings_are_numbered_from_the_main_one_on(catalogue: Catalogue) -> None:
    for album in catalogue.albums:
        numbers = [pressing.number for pressing in album.pressings]
        assert numbers == sorted(set(numbers)), album.title
        assert numbers[0] == 1, album.title


def test_releases_without_a_master_stand_alone(catalogue: Catalogue) -> None:
    assert all(len(album.pressings) == 1 for album in catalogue.albums if not album.has_master)


def test_no_pressing_is_older_than_its_album(catalogue: Catalogue) -> None:
    for album, pressing in pressings(catalogue):
        assert 1956 <= album.year <= pressing.year <= 2026, album.title


def test_reissues_say_so(catalogue: Catalogue) -> None:
    for album, pressing in pressings(catalogue):
        if pressing.year > album.year + 3 and pressing is not album.pressings[0]:
            assert "Reissue" in pressing.formats[0].descriptions, (album.title, pressing.number)


def test_durations_are_plausible(catalogue: Catalogue) -> None:
    for album, pressing in pressings(catalogue):
        for track in all_tracks(pressing.tracks):
            assert not track.duration or 2 < seconds(track.duration) < 45 * 60, (album.title, track.title)


def test_sides_of_a_record_hold_what_a_side_can(catalogue: Catalogue) -> None:
    for album, pressing in pressings(catalogue):
        sides: Counter[str] = Counter()
        for track in pressing.tracks:
            if track.duration and track.position[:1].isalpha():
                sides[track.position[0]] += seconds(track.duration)
        assert all(side <= 32 * 60 for side in sides.values()), (album.title, sides)


def test_records_have_sides_and_discs_have_none(catalogue: Catalogue) -> None:
    for album, pressing in pressings(catalogue):
        positions = [track.position for track in pressing.tracks if track.position]
        if pressing.formats[0].name == "CD":
            assert all(position[0].isdigit() for position in positions), (album.title, pressing.number)
        else:
            assert all(position[0].isalpha() for position in positions), (album.title, pressing.number)


def test_positions_are_unique_and_there_are_tracks(catalogue: Catalogue) -> None:
    for album, pressing in pressings(catalogue):
        positions = Counter(track.position for track in all_tracks(pressing.tracks) if track.position)
        assert not [position for position, count in positions.items() if count > 1], album.title
        assert any(track.title for track in pressing.tracks), album.title


def test_barcodes_are_whole_and_unique(catalogue: Catalogue) -> None:
    barcodes = [
        identifier.value
        for _, pressing in pressings(catalogue)
        for identifier in pressing.identifiers
        if identifier.type == "Barcode"
    ]
    assert len(barcodes) > 50
    assert [barcode for barcode in barcodes if not is_valid_barcode(barcode)] == []
    assert len(barcodes) == len(set(barcodes))


def test_credits_speak_of_tracks_that_exist(catalogue: Catalogue) -> None:
    for album in catalogue.albums:
        positions = {track.position for track in all_tracks(album.pressings[0].tracks)}
        for credit in album.credits:
            spoken_of = credit.tracks.replace(" to ", ", ").split(", ") if credit.tracks else []
            assert set(spoken_of) <= positions, (album.title, credit)


def test_what_is_told_of_artists_and_labels_is_of_some_that_occur(catalogue: Catalogue) -> None:
    on_albums = {credit.name for album in catalogue.albums for credit in album.all_credits}
    linked = {name for artist in catalogue.artists for name in (*artist.members, *artist.aliases)}
    assert {artist.name for artist in catalogue.artists} == (on_albums | linked) - {"Various"}
