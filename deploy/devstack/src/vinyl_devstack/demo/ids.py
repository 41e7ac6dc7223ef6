"""Ids of demo records: above all that Discogs has, below 2**31, and the same however the files are reordered.

Albums and pressings are numbered by hand; artists and labels go by a hash of their name, so to rename one is
to make another.
"""

import hashlib

FIRST_MASTER = 900_000_000
FIRST_RELEASE = 910_000_000
FIRST_NAMED = 1_000_000_000
MOST_PRESSINGS = 100
VARIOUS = 194  # Discogs' own, which has no record there either

_NAMED_ROOM = 1_000_000_000


def master_id(album: int) -> int:
    return FIRST_MASTER + album


def release_id(album: int, pressing: int) -> int:
    return FIRST_RELEASE + album * MOST_PRESSINGS + pressing


def artist_id(name: str) -> int:
    return VARIOUS if name == "Various" else _named("artist", name)


def label_id(name: str) -> int:
    return _named("label", name)


def _named(kind: str, name: str) -> int:
    digest = hashlib.blake2b(f"{kind} {name}".encode(), digest_size=8).digest()
    return FIRST_NAMED + int.from_bytes(digest) % _NAMED_ROOM
