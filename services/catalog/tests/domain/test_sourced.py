from datetime import UTC, datetime

import msgspec
import pytest

from vinyl_catalog.domain.links import Link
from vinyl_catalog.domain.sourced import AlbumText, Enrichment, FoundImage, SourcedField
from vinyl_catalog.domain.sources import Field, Source

AT = datetime(2026, 1, 1, tzinfo=UTC)
DUMP = AlbumText("From the dump.", "discogs", "CC0-1.0", None)
LONG = "An article of some length. " * 20


def said(source: Source, field: Field, value: object) -> SourcedField:
    raw = msgspec.Raw(msgspec.json.encode(value))
    return SourcedField(source, field, raw, "terms", "https://x.test", AT, AT, restricted=False)


def image(source: Source) -> SourcedField:
    return said(source, Field.IMAGES, [FoundImage(f"https://{source}.test/1.jpg")])


@pytest.mark.parametrize(
    ("having", "first"),
    [
        ([Source.APPLE_MUSIC, Source.DISCOGS, Source.COVER_ART_ARCHIVE], "cover_art_archive"),
        ([Source.APPLE_MUSIC, Source.DISCOGS], "discogs"),
        ([Source.APPLE_MUSIC], "apple_music"),
    ],
)
def test_the_chain_of_covers(having: list[Source], first: str) -> None:
    images = Enrichment(tuple(image(source) for source in having)).images()
    assert [each.source for each in images] == [first]


def test_a_curators_choice_comes_before_the_chain() -> None:
    fields = (image(Source.COVER_ART_ARCHIVE), image(Source.APPLE_MUSIC))
    chosen = Enrichment(fields, {Field.IMAGES: Source.APPLE_MUSIC})
    assert chosen.images()[0].source == "apple_music"
    gone = Enrichment(fields[:1], {Field.IMAGES: Source.APPLE_MUSIC})
    assert gone.images()[0].source == "cover_art_archive"


@pytest.mark.parametrize(
    ("wikipedia", "apple", "dump", "choice", "shown"),
    [
        (LONG, LONG, None, None, "wikipedia"),
        ("A stub.", LONG, None, None, "apple_music"),
        ("A stub of words.", "Less.", None, None, "wikipedia"),
        (None, "Notes.", None, None, "apple_music"),
        (LONG, LONG, DUMP, None, "discogs"),
        (LONG, LONG, DUMP, Source.APPLE_MUSIC, "apple_music"),
        (None, None, DUMP, Source.APPLE_MUSIC, "discogs"),
        (None, None, None, None, None),
    ],
)
def test_whose_text_is_shown(
    wikipedia: str | None, apple: str | None, dump: AlbumText | None, choice: Source | None, shown: str | None
) -> None:
    texts = ((Source.WIKIPEDIA, wikipedia), (Source.APPLE_MUSIC, apple))
    fields = tuple(said(source, Field.TEXT, text) for source, text in texts if text)
    text = Enrichment(fields, {Field.TEXT: choice} if choice else {}).text(dump)
    assert (text.source if text else None) == shown


def test_links_are_everybodys_and_each_is_there_once() -> None:
    page = Link("wikipedia", "https://en.wikipedia.org/wiki/X")
    enrichment = Enrichment(
        (said(Source.WIKIPEDIA, Field.LINKS, [page]), said(Source.MUSICBRAINZ, Field.LINKS, [page]))
    )
    own = Link("discogs", "https://www.discogs.com/master/8")
    assert enrichment.links([own]) == [own, page]
