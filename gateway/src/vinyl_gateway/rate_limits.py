"""How many requests one address may make: the generic cell rate algorithm (GCRA), exact in this process."""

import ipaddress
import math
import time
from collections.abc import Callable, Mapping

import msgspec

from vinyl_gateway.public_routes import RouteClass

MOST_KEYS = 100_000


class Policy(msgspec.Struct, frozen=True):
    """`burst` requests at once, `per_second` in the long run."""

    name: str
    per_second: float
    burst: int

    @property
    def window_seconds(self) -> int:
        """How long it takes for a spent burst to be whole again."""
        return math.ceil(self.burst / self.per_second)


DEFAULT_POLICIES: Mapping[RouteClass, Policy] = {
    RouteClass.READ: Policy("read", per_second=100, burst=400),
    RouteClass.WRITE: Policy("write", per_second=50, burst=200),
    RouteClass.SIGN_IN: Policy("sign_in", per_second=10, burst=100),
}


class Decision(msgspec.Struct, frozen=True):
    """`reset_seconds` until the burst is whole again, `retry_seconds` until one more request passes."""

    policy: Policy
    allowed: bool
    remaining: int
    reset_seconds: int
    retry_seconds: int

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        policy = f'"{self.policy.name}";q={self.policy.burst};w={self.policy.window_seconds}'
        state = f'"{self.policy.name}";r={self.remaining};t={self.reset_seconds}'
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", state.encode())]


class RateLimits:
    """Keeps, for each key, the one moment at which its burst would be whole again."""

    def __init__(
        self, policies: Mapping[RouteClass, Policy], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._policies = policies
        self._clock = clock
        self._whole_at: dict[tuple[RouteClass, str], float] = {}

    def take(self, route_class: RouteClass, address: str) -> Decision:
        """Counts one request of `address`; a refused one costs nothing."""
        policy = self._policies[route_class]
        now = self._clock()
        key = (route_class, address)
        interval = 1 / policy.per_second
        whole_at = max(self._whole_at.get(key, now), now) + interval
        debt = whole_at - now
        over = debt - policy.burst * interval
        if over > 1e-9:
            return Decision(policy, False, 0, math.ceil(debt - interval), max(1, math.ceil(over)))
        self._remember(key, whole_at, now)
        return Decision(policy, True, int(policy.burst - debt / interval + 1e-6), math.ceil(debt), 0)

    def _remember(self, key: tuple[RouteClass, str], whole_at: float, now: float) -> None:
        if key not in self._whole_at and len(self._whole_at) >= MOST_KEYS:
            self._forget(now)
        self._whole_at[key] = whole_at

    def _forget(self, now: float) -> None:
        """Drops whoever owes nothing any more, and the oldest half where everybody owes."""
        self._whole_at = {key: at for key, at in self._whole_at.items() if at > now}
        if len(self._whole_at) >= MOST_KEYS:
            for key in list(self._whole_at)[: MOST_KEYS // 2]:
                del self._whole_at[key]


def limited_address(address: str) -> str:
    """An IPv6 subscriber holds a whole /64, so that is what is counted; IPv4 in IPv6 is IPv4."""
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, 64), strict=False).network_address)
