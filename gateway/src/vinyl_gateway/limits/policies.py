"""How much is allowed to whom."""

import math
from collections.abc import Mapping

import msgspec

from vinyl_gateway.public_routes import RouteClass

_AHEAD_SECONDS = 1.0


class Policy(msgspec.Struct, frozen=True):
    """`burst` requests at once, `per_second` in the long run, `of` whom.

    One that is `only_shared` lets nobody pass while this process cannot count together with the others.
    """

    name: str
    per_second: float
    burst: int
    of: str = "address"
    only_shared: bool = False

    @property
    def interval(self) -> int:
        """Nanoseconds from one request to the next in the long run."""
        return round(1e9 / self.per_second)

    @property
    def depth(self) -> int:
        """The burst in nanoseconds."""
        return self.burst * self.interval

    @property
    def window_seconds(self) -> int:
        """How long it takes for a spent burst to be whole again."""
        return math.ceil(self.burst / self.per_second)

    @property
    def most_ahead(self) -> int:
        """How many requests a process may count before they come."""
        return 0 if self.only_shared else int(self.per_second * _AHEAD_SECONDS)


Policies = Mapping[RouteClass, Policy]

ADDRESS_POLICIES: Policies = {
    RouteClass.READ: Policy("read", per_second=100, burst=400),
    RouteClass.WRITE: Policy("write", per_second=50, burst=200),
    RouteClass.SIGN_IN: Policy("sign_in", per_second=10, burst=100, only_shared=True),
    RouteClass.REFRESH: Policy("refresh", per_second=10, burst=100),
}
ACCOUNT_POLICIES: Policies = {
    route_class: msgspec.structs.replace(policy, name=f"{policy.name}_account", of="account")
    for route_class, policy in ADDRESS_POLICIES.items()
}
# Less than an account's: one script that runs wild leaves its owner something.
TOKEN_POLICIES: Policies = {
    RouteClass.READ: Policy("read_token", per_second=75, burst=300, of="token"),
    RouteClass.WRITE: Policy("write_token", per_second=40, burst=150, of="token"),
    RouteClass.SIGN_IN: Policy("sign_in_token", per_second=5, burst=50, of="token", only_shared=True),
    RouteClass.REFRESH: Policy("refresh_token", per_second=5, burst=50, of="token"),
}
