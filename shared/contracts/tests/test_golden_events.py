"""Every event on the wire, byte for byte: a change of one is a change of what others have to read.

A new event: run with VINYL_WRITE_GOLDEN=1, read the file it writes, commit it.
"""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from vinyl_contracts.envelope import Envelope, Event, subject_of, wrap
from vinyl_contracts.events import ALL_EVENTS, catalog, rating, search, user
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import (
    AlbumId,
    ArtistId,
    CollectionItemId,
    CommentId,
    MediaId,
    ProductId,
    ReleaseId,
    RunId,
    SearchId,
    SessionId,
    UserId,
    WantId,
)
from vinyl_contracts.money import Money

GOLDEN = Path(catalog.__file__).parent / "golden"
AT = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)


def number(last: int) -> UUID:
    return UUID(f"01900000-0000-7000-8000-{last:012d}")


ALBUM, RELEASE, USER = AlbumId(number(1)), ReleaseId(number(2)), UserId(number(3))
ITEM, WANT, SESSION = CollectionItemId(number(4)), WantId(number(5)), SessionId(number(6))
PRODUCT, COMMENT = ProductId(number(14)), CommentId(number(15))
STATE = catalog.AlbumState(
    album_id=ALBUM,
    version=3,
    title="Exile On Main St.",
    artist="The Rolling Stones",
    artist_ids=[ArtistId(number(7))],
    artist_names=["The Rolling Stones"],
    year=1972,
    genres=["Rock"],
    styles=["Blues Rock"],
    discogs_master_id=31333,
    releases=[
        catalog.ReleaseState(
            release_id=RELEASE,
            title="Exile On Main St.",
            year=1972,
            country="UK",
            formats=["Vinyl", "LP", "Album"],
            catalog_numbers=["COC 69100"],
            barcodes=[],
            discogs_release_id=374102,
        )
    ],
    releases_complete=True,
    replaces=[AlbumId(number(8))],
)
EXAMPLES: list[Event] = [
    catalog.AlbumsImported([STATE]),
    catalog.AlbumChanged(STATE, is_parted=True),
    catalog.AlbumWithdrawn(album_id=ALBUM),
    catalog.AnswersOutdated(names=["artists", f"artist-{ALBUM}"]),
    rating.AlbumRatingChanged(
        album_id=ALBUM,
        count=2,
        average=4.5,
        bayesian_average=3.7857,
        histogram=rating.Histogram(0, 0, 0, 1, 1),
    ),
    catalog.ProductChanged(
        product_id=PRODUCT,
        owner_id=USER,
        title="A first pressing, played twice",
        album_id=ALBUM,
        release_id=RELEASE,
        category="first-pressings",
        tags=["stones", "uk"],
        price=Money("120.00", "GBP"),
        media_condition=Grade.NEAR_MINT,
        sleeve_condition=Grade.VERY_GOOD_PLUS,
        published_at=AT,
    ),
    catalog.ProductWithdrawn(product_id=PRODUCT, owner_id=USER),
    rating.VotesChanged(subject_type="product", subject_id=PRODUCT, count=7),
    rating.CommentPosted(
        comment_id=COMMENT,
        user_id=USER,
        subject_type="product",
        subject_id=PRODUCT,
        parent_id=None,
        count=4,
        posted_at=AT,
    ),
    rating.CommentRemoved(comment_id=COMMENT, subject_type="product", subject_id=PRODUCT, count=3),
    user.CollectionItemChanged(
        item_id=ITEM,
        user_id=USER,
        album_id=ALBUM,
        release_id=RELEASE,
        media_condition=Grade.VERY_GOOD_PLUS,
        sleeve_condition=None,
        acquired_on=date(2026, 5, 1),
    ),
    user.CollectionItemRemoved(item_id=ITEM, user_id=USER),
    user.ProfileChanged(
        user_id=USER,
        username="ada",
        display_name="Ada",
        country="DE",
        currency="EUR",
        is_public=True,
        avatar_media_id=MediaId(number(16)),
    ),
    search.SearchCompleted(
        run_id=RunId(number(9)),
        search_id=SearchId(number(10)),
        user_id=USER,
        search_name="Soul under 30",
        failed=False,
        results=4,
        finished_at=AT,
    ),
    user.SessionRevoked(session_id=SESSION, user_id=USER, revoked_at=AT),
    user.UserRegistered(user_id=USER, username="ada", registered_at=AT),
    user.WantChanged(
        want_id=WANT,
        user_id=USER,
        album_id=ALBUM,
        release_id=None,
        max_price=Money("25.00", "EUR"),
        min_media_condition=Grade.VERY_GOOD,
        formats=["LP"],
    ),
    user.WantRemoved(want_id=WANT, user_id=USER),
]


def test_every_event_has_an_example() -> None:
    assert [type(example) for example in EXAMPLES] == list(ALL_EVENTS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).name)
def test_an_event_is_written_as_it_always_was(example: Event) -> None:
    file = GOLDEN / f"{subject_of(type(example))}.json"
    envelope = wrap(
        example, aggregate_id=number(1), version=3, at=AT, traceparent=f"00-{'a' * 32}-{'b' * 16}-01"
    )
    envelope = msgspec.structs.replace(envelope, id=str(number(9)))
    written = msgspec.json.format(msgspec.json.encode(envelope), indent=2) + b"\n"
    if os.environ.get("VINYL_WRITE_GOLDEN"):
        file.write_bytes(written)
    assert written == file.read_bytes()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).name)
def test_an_event_reads_back_and_ignores_what_is_new(example: Event) -> None:
    golden = (GOLDEN / f"{subject_of(type(example))}.json").read_bytes()
    envelope = msgspec.json.decode(golden, type=Envelope)
    assert (envelope.specversion, envelope.type) == ("1.0", subject_of(type(example)))
    assert msgspec.json.decode(envelope.data, type=type(example)) == example
    extended = msgspec.json.decode(envelope.data) | {"of_a_later_version": 1}
    assert msgspec.json.decode(msgspec.json.encode(extended), type=type(example)) == example
