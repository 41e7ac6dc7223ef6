import pytest

from vinyl_catalog.enrichment import texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>One.</p><p>Two &amp; <b>three</b>.</p>", "One.\n\nTwo & three."),
        ("a<script>alert(1)</script>b<style>p{}</style>c", "abc"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;kept", "kept"),
        ("&amp;lt;img src=x onerror=alert(1)&amp;gt;kept", "kept"),
        ("I <3 you, 1 < 2", "I <3 you, 1 < 2"),
        ("nul\x00 bell\x07 flip\u202eped", "nul bell flip ped"),
        ("broken <b", "broken ‹b"),
        ("<!-- hidden -->shown", "shown"),
        (" \n ", None),
        ("", None),
        (None, None),
    ],
)
def test_texts_are_plain(text: str | None, shown: str | None) -> None:
    assert texts.plain(text) == shown


def test_a_long_text_is_cut_between_words() -> None:
    cut = texts.plain("word " * 10_000)
    assert cut is not None
    assert len(cut) <= texts.MOST_TEXT_LETTERS
    assert cut.endswith("word…")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("http://a.example/x", "https://a.example/x"),
        ("https://a.example:8443/x", "https://a.example:8443/x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example/x", None),
        ("https://user:secret@a.example/", None),
        ("https://localhost/x", None),
        ('https://a.example/"><script>', None),
        ("https://a.example/a b", None),
        ("https://[::1", None),
        ("https://a.example/" + "x" * 3000, None),
        (None, None),
    ],
)
def test_addresses_are_of_the_web(address: str | None, kept: str | None) -> None:
    assert texts.web_address(address) == kept


def test_addresses_of_known_hosts_alone() -> None:
    hosts = ("archive.org",)
    assert texts.web_address("https://ia800.us.archive.org/1.jpg", hosts=hosts)
    assert texts.web_address("https://evilarchive.org/1.jpg", hosts=hosts) is None
    assert texts.web_address("https://archive.org.evil.example/1.jpg", hosts=hosts) is None


@pytest.mark.parametrize(
    ("date", "year"),
    [("1973-03-24", 1973), ("1973", 1973), ("0000", None), ("19??", None), ("", None), (None, None)],
)
def test_years(date: str | None, year: int | None) -> None:
    assert texts.year(date) == year
