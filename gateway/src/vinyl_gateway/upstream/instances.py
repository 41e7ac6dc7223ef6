"""The instances of one service, any of which may answer."""

import random
from collections.abc import Sequence

from vinyl_gateway.upstream.breaker import Breaker
from vinyl_gateway.upstream.errors import NoneAdmits
from vinyl_gateway.upstream.pool import Upstream
from vinyl_gateway.upstream.retry_budget import RetryBudget


class Instance:
    def __init__(self, upstream: Upstream) -> None:
        self.upstream = upstream
        self.breaker = Breaker()


class Instances:
    """`urls` are all of one service."""

    def __init__(self, name: str, urls: Sequence[str]) -> None:
        self.name = name
        self.retries = RetryBudget()
        self._each = [Instance(Upstream(name, url)) for url in urls]
        self.are_one = len(urls) == 1

    def choose(self, *, other_than: Instance | None = None) -> Instance:
        """The one with the fewest who wait, of those that are well. Raises NoneAdmits."""
        if self.are_one and self._each[0].breaker.admits():
            return self._each[0]
        well = [instance for instance in self._each if instance.breaker.admits()]
        if not well:
            raise NoneAdmits(
                f"{self.name} failed too often, or does not answer: it is left alone for a moment"
            )
        others = [instance for instance in well if instance is not other_than] or well
        fewest = min(instance.breaker.waiting for instance in others)
        return random.choice([each for each in others if each.breaker.waiting == fewest])  # noqa: S311

    def close(self) -> None:
        for instance in self._each:
            instance.upstream.close()
