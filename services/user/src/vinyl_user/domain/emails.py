"""Addresses by which an account can be reached."""

import re

from vinyl_contracts.errors import Invalid

LONGEST = 254

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def canonical_email(typed: str) -> str:
    """The address in the one spelling that is compared. Raises Invalid unless it is an ASCII mailbox.

    ASCII alone, because two addresses that only look alike must never be taken for one another.
    """
    address = typed.lower() if typed.isascii() else ""
    local, at, domain = address.rpartition("@")
    labels = domain.split(".")
    fits = len(address) <= LONGEST and len(local) <= 64
    if not (at and fits and _LOCAL.fullmatch(local) and _is_domain(labels)):
        raise Invalid.field("email", "must be an e-mail address in ASCII, such as ada@example.org")
    return address


def _is_domain(labels: list[str]) -> bool:
    return len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
