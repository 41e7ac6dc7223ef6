"""One normal form of path and query, or a refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_gateway.request_target import UnsafePath, UnsafeQuery, normal_path, normal_query


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        (b"/", b"/"),
        (b"/api/v1/albums", b"/api/v1/albums"),
        (b"/api/v1/%61lbums", b"/api/v1/albums"),
        (b"/api/v1/users/%7Eada", b"/api/v1/users/~ada"),
        (b"/api/v1/users/bj%c3%b6rk", b"/api/v1/users/bj%C3%B6rk"),
        (b"/api/v1/albums/", b"/api/v1/albums/"),
        (b"/.well-known/jwks.json", b"/.well-known/jwks.json"),
        (b"/a/...", b"/a/..."),
        (b"/a/%2e%2e%2e", b"/a/..."),
        (b"/a;b=1,c:d@e", b"/a;b=1,c:d@e"),
        (b"/a%3Fb", b"/a%3Fb"),
        (b"/a%25", b"/a%25"),
    ],
)
def test_two_spellings_of_a_path_become_one(raw: bytes, normal: bytes) -> None:
    assert normal_path(raw) == normal
    assert normal_path(normal) == normal


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"api",
        b"*",
        b"evil.example:443",
        b"http://evil.example/",
        b"//",
        b"//evil.example/x",
        b"/a//b",
        b"/a//",
        b"/.",
        b"/..",
        b"/a/./b",
        b"/a/../b",
        b"/a/..",
        b"/a/%2e%2e/b",
        b"/a/%2E./b",
        b"/a/.%2e",
        b"/a%2fb",
        b"/a%2Fb",
        b"/a%5cb",
        b"/a\\b",
        b"/a%00",
        b"/a\x00",
        b"/a%0d%0ab",
        b"/a%1f",
        b"/a%7f",
        b"/a b",
        b"/a\tb",
        b"/a\r\nb",
        b"/a?b",
        b"/a#b",
        b"/a%",
        b"/a%4",
        b"/a%zz",
        b"/a%u0061",
        b"/\xc3\xa9",
        b"/a%ff",
        b"/a%c0%af",
        b"/a%c0%ae%c0%ae/b",
        b"/a%ed%a0%80",
        b'/a"b',
        b"/a<b>",
        b"/a|b",
        b"/a^b",
        b"/a`b",
        b"/a{b}",
    ],
)
def test_a_path_that_two_servers_could_read_in_two_ways_is_refused(raw: bytes) -> None:
    with pytest.raises(UnsafePath):
        normal_path(raw)


@given(st.binary(max_size=40))
def test_every_path_is_refused_or_stays_as_it_was_made(tail: bytes) -> None:
    try:
        normal = normal_path(b"/" + tail)
    except UnsafePath:
        return
    assert normal_path(normal) == normal
    assert not {b".", b".."} & set(normal.split(b"/"))
    assert b"//" not in normal
    assert all(0x21 <= byte < 0x7F for byte in normal)
    assert b"%2F" not in normal
    assert b"%5C" not in normal


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        (b"", b""),
        (b"q=a%20b&limit=5&cursor=x_-~", b"q=a%20b&limit=5&cursor=x_-~"),
        (b"q=a/b?c:d@e;f[0]=1", b"q=a/b?c:d@e;f[0]=1"),
        ("q=café".encode(), b"q=caf%C3%A9"),
        (b'q="a|b"', b"q=%22a%7Cb%22"),
        (b"q=a{b}\\c^`<>", b"q=a%7Bb%7D%5Cc%5E%60%3C%3E"),
    ],
)
def test_a_query_is_passed_on_with_what_was_not_escaped_escaped(raw: bytes, normal: bytes) -> None:
    assert normal_query(raw) == normal
    assert normal_query(normal) == normal


@pytest.mark.parametrize(
    "raw", [b"q=a b", b"q=\r\nX: y", b"q=%00", b"q=\x00", b"q=%", b"q=%zz", b"q=a#b", b"\x7f"]
)
def test_a_query_with_control_characters_or_broken_escapes_is_refused(raw: bytes) -> None:
    with pytest.raises(UnsafeQuery):
        normal_query(raw)


@pytest.mark.parametrize("raw", [b"q=%ff", b"q=\xff", b"q=%c0%af", b"q=%ED%A0%80", b"q=\xc3%28", b"%E2%82=1"])
def test_a_query_that_is_not_utf_8_is_refused(raw: bytes) -> None:
    with pytest.raises(UnsafeQuery):
        normal_query(raw)
