"""How long requests take, by what they were: counted in this process and read when somebody asks.

OpenTelemetry's own histogram takes longer over a measurement than a kept answer takes in all. Exporters that
push get how many there were and how long they took together; the buckets are at /metrics.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from opentelemetry.metrics import CallbackOptions, Meter, Observation
from prometheus_client import REGISTRY
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

from vinyl_chassis import telemetry

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Durations(Collector):
    """One a process of each `name`. `labels` name what a request was: `record`'s facts, in their order."""

    def __init__(self, name: str, description: str, labels: Sequence[str]) -> None:
        self._name = name
        self._description = description
        self._labels = labels
        self._counts: dict[tuple[str, ...], list[int]] = {}
        self._seconds: dict[tuple[str, ...], float] = {}
        REGISTRY.register(self)
        telemetry.when_pushing(self._push)

    def record(self, seconds: float, facts: tuple[str, ...]) -> None:
        counts = self._counts.get(facts)
        if counts is None:
            counts = self._counts[facts] = [0] * (len(BOUNDS) + 1)
            self._seconds[facts] = 0.0
        counts[bisect_left(BOUNDS, seconds)] += 1
        self._seconds[facts] += seconds

    def collect(self) -> Iterator[HistogramMetricFamily]:
        family = HistogramMetricFamily(f"{self._name}_seconds", self._description, labels=self._labels)
        for facts, counts in list(self._counts.items()):
            running, buckets = 0, []
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
                running += count
                buckets.append((bound, running))
            family.add_metric(facts, buckets, self._seconds[facts])
        yield family

    def _push(self, meter: Meter) -> None:
        meter.create_observable_counter(f"{self._name}_count", [self._observe_counts])
        meter.create_observable_counter(f"{self._name}_sum", [self._observe_seconds], "s")

    def _observe_counts(self, _options: CallbackOptions) -> Iterable[Observation]:
        return [self._observation(sum(counts), facts) for facts, counts in list(self._counts.items())]

    def _observe_seconds(self, _options: CallbackOptions) -> Iterable[Observation]:
        return [self._observation(seconds, facts) for facts, seconds in list(self._seconds.items())]

    def _observation(self, value: float, facts: tuple[str, ...]) -> Observation:
        return Observation(value, dict(zip(self._labels, facts, strict=True)))
