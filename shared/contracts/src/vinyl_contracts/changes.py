"""How caches in front of the services learn which answers are old: by the names in `Surrogate-Key`.

A write says them in its own answer, in PURGE_HEADER; what changes without a request is told to whoever
listens at that moment, on CHANGES_SUBJECT and the teller's name after a dot. Both are names with blanks
between them. Events say theirs by what they carry.
"""

from collections.abc import Iterable

PURGE_HEADER = "surrogate-purge"
CHANGES_SUBJECT = "vinyl.gateway.changes"
MOST_NAMES = 1000


def joined(names: Iterable[str]) -> bytes:
    return " ".join(names).encode()


def names_in(joined: bytes) -> list[str]:
    return joined.decode("latin-1").split()
