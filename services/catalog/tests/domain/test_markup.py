from hypothesis import given
from hypothesis import strategies as st

from vinyl_catalog.domain.markup import Mention, mentions_in, readable

KNOWN = {
    Mention("artist", 5): "Vera Lund (2)",
    Mention("label", 6): "Moss",
    Mention("release", 7): "First Light",
    Mention("master", 8): "Second Light",
}


def test_names_and_numbers_become_readable() -> None:
    text = "[a=Vera Lund (2)] and [a5] on [l=Moss] ([l6]), see [r=7], [r7], [m8] and [m=8]."
    assert readable(text, KNOWN.get) == (
        "Vera Lund (2) and Vera Lund (2) on Moss (Moss), see First Light, First Light,"
        " Second Light and Second Light."
    )


def test_what_is_not_known_is_named_by_its_number() -> None:
    assert readable("with [a99] on [l=12345]", KNOWN.get) == "with artist 99 on label 12345"


def test_styles_go_and_links_keep_their_address() -> None:
    text = (
        "[b]Loud[/b], [i]soft[/I] [u]x[/u]: [url=http://moss.example]site[/url] [url]http://b.example[/url]"
    )
    assert readable(text, KNOWN.get) == "Loud, soft x: site (http://moss.example) http://b.example"
    assert readable("[url=http://a.example]http://a.example[/url]", KNOWN.get) == "http://a.example"
    assert readable("[url=/artist/5]her[/url]", KNOWN.get) == "her"


def test_brackets_that_are_no_markup_stay() -> None:
    text = "spelt [sic], [actually 3 tracks] [2] []"
    assert readable(text, KNOWN.get) == text


def test_only_numbers_are_looked_up() -> None:
    assert list(mentions_in("[a5] [A=5] [l=Moss] [m8]")) == [
        Mention("artist", 5),
        Mention("artist", 5),
        Mention("master", 8),
    ]


@given(st.text(alphabet="ab[]=/lrmu5 url", max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    assert "[/b]" not in readable(text, KNOWN.get)
