"""Instances with another version of a service, for a share of those who ask."""

from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b

import msgspec

from vinyl_gateway.upstream.errors import NoneAdmits, Overloaded
from vinyl_gateway.upstream.instances import Instance, Instances

_DRAWS = 2**64


class Asker(msgspec.Struct, frozen=True):
    """`who` is on the same side of every service, whenever they ask; `canaries` is told the services whose
    canary is asked for them."""

    who: bytes
    canaries: set[str]

    def is_among(self, percent: float) -> bool:
        drawn = int.from_bytes(blake2b(self.who, digest_size=8).digest())
        return drawn * 100 < percent * _DRAWS


class Canary:
    def __init__(self, name: str, urls: Sequence[str], percent: float) -> None:
        self.name = name
        self._instances = Instances(name, urls)
        self._percent = percent

    def choose(self, asker: Asker | None, *, is_urgent: bool) -> Instance | None:
        """None where the others are to answer: for whoever is not of the share, for what is asked in nobody's
        name, and while it is not well."""
        if asker is None or not asker.is_among(self._percent):
            return None
        with suppress(NoneAdmits, Overloaded):
            instance = self._instances.choose(is_urgent=is_urgent)
            asker.canaries.add(self.name)
            return instance
        return None

    def close(self) -> None:
        self._instances.close()
