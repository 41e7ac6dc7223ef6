"""What the cache does, as numbers for operators."""

from collections.abc import Iterable

from opentelemetry.metrics import CallbackOptions, Observation

from vinyl_chassis.telemetry import meter
from vinyl_gateway.cache.kept_answers import KeptAnswers
from vinyl_gateway.cache.shared_answers import SharedAnswers


def show(shared: SharedAnswers, kept: KeptAnswers) -> None:
    def outcomes(_options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(count, {"outcome": outcome.value}) for outcome, count in shared.outcomes.items()]

    def purges(_options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(kept.purges)]

    def held(_options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(kept.bytes)]

    meter.create_observable_counter(
        "vinyl_gateway_cache_answers", [outcomes], description="Public answers, by where they came from."
    )
    meter.create_observable_counter(
        "vinyl_gateway_cache_purges", [purges], description="Times that something kept may have become old."
    )
    meter.create_observable_gauge("vinyl_gateway_cache_held", [held], "By", "What is kept.")
