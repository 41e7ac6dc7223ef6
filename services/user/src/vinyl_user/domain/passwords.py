"""Which passwords are good enough."""

import importlib.resources
import unicodedata

from vinyl_contracts.errors import Invalid

SHORTEST = 8
LONGEST = 256

_LEET = str.maketrans("013457@$!", "oieastasi")
_SHORTEST_OF_SIGNS = 12
_ENDS = "0123456789 .,;:!?*#_-+"
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
)


def acceptable_password(typed: str, username: str, field: str = "password") -> str:
    """The password in the form that is hashed. Raises Invalid for one that a guesser would try early."""
    password = normalised(typed)
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid.field(field, f"must have {SHORTEST} to {LONGEST} characters")
    if password.casefold() == username:
        raise Invalid.field(field, "must not be the username")
    if is_common(password):
        raise Invalid.field(field, "is among the common ones that are guessed first")
    return password


def normalised(typed: str) -> str:
    """One form for a password, whichever keyboard composed its characters."""
    return unicodedata.normalize("NFKC", typed)


def is_common(password: str) -> bool:
    """Whether it is a listed word, alone, repeated, in leet or with digits around it, or a run of keys."""
    folded = password.casefold()
    candidates = {folded, _unit(folded)}
    candidates |= {candidate.strip(_ENDS) for candidate in tuple(candidates)}
    candidates |= {candidate.translate(_LEET) for candidate in tuple(candidates)}
    if "" in candidates:
        return len(password) < _SHORTEST_OF_SIGNS
    return any(candidate in _COMMON or _is_run(candidate) for candidate in candidates)


def _unit(text: str) -> str:
    """What a text repeats: "ab" of "ababab"."""
    return text[: (text + text).find(text, 1)]


def _is_run(text: str) -> bool:
    return any(text in run or text in run[::-1] for run in _RUNS)


_COMMON = frozenset(
    importlib.resources.files("vinyl_user.domain").joinpath("common_passwords.txt").read_text("utf-8").split()
)
