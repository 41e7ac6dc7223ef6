"""Instances with another version of a service, for a share of those who ask."""

import enum
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import msgspec
from opentelemetry.metrics import CallbackOptions, Observation

from vinyl_chassis.telemetry import meter
from vinyl_gateway.upstream.errors import NoneAdmits, Overloaded
from vinyl_gateway.upstream.instances import PLAIN, Instance, Instances, Manner

_DRAWS = 2**64


class Asker(msgspec.Struct, frozen=True):
    """`who` is on the same side of every service, whenever they ask; `canaries` is told the services whose
    canary is asked for them."""

    who: bytes
    canaries: set[str]

    def is_among(self, percent: float) -> bool:
        drawn = int.from_bytes(blake2b(self.who, digest_size=8).digest())
        return drawn * 100 < percent * _DRAWS


class State(enum.StrEnum):
    """What becomes of a request of its share: the canary is asked, or the others, because its breaker leaves
    it alone or it has as much to do as it can."""

    ASKED = "asked"
    LEFT_ALONE = "left_alone"
    OVERLOADED = "overloaded"


class Canary:
    def __init__(self, name: str, urls: Sequence[str], percent: float) -> None:
        self.name = name
        self.percent = percent
        self.chosen = dict.fromkeys(State, 0)
        self._instances = Instances(name, urls)

    def choose(self, asker: Asker | None, manner: Manner) -> Instance | None:
        """None where the others are to answer: for whoever is not of the share, for what is asked in nobody's
        name, and while it is not well."""
        if asker is None or not asker.is_among(self.percent):
            return None
        instance, state = self._find(manner)
        self.chosen[state] += 1
        if instance is not None:
            asker.canaries.add(self.name)
        return instance

    @property
    def state(self) -> State:
        return self._find(PLAIN)[1] if self._instances.any_is_well() else State.LEFT_ALONE

    def _find(self, manner: Manner) -> tuple[Instance | None, State]:
        try:
            return self._instances.choose(manner), State.ASKED
        except NoneAdmits:
            return None, State.LEFT_ALONE
        except Overloaded:
            return None, State.OVERLOADED

    def close(self) -> None:
        self._instances.close()


def show(canaries: Iterable[Canary]) -> None:
    """As numbers for operators."""
    shown = list(canaries)

    def chosen(_options: CallbackOptions) -> Iterable[Observation]:
        return [
            Observation(count, {"service": canary.name, "state": state.value})
            for canary in shown
            for state, count in canary.chosen.items()
        ]

    meter.create_observable_counter(
        "vinyl_gateway_canary_requests",
        [chosen],
        description="Requests of a canary's share, by whether it was asked.",
    )
