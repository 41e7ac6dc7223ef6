"""Who may pass the door, and what they are told of it."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

import msgspec

from vinyl_chassis.identity import Listener
from vinyl_gateway.limits.addresses import limited_address
from vinyl_gateway.limits.places import NEVER, Allowance
from vinyl_gateway.limits.policies import ACCOUNT_POLICIES, ADDRESS_POLICIES, TOKEN_POLICIES, Policies, Policy
from vinyl_gateway.limits.shared_counting import SharedCounting
from vinyl_gateway.limits.shared_store import SUBJECTS, SharedStore
from vinyl_gateway.public_routes import RouteClass
from vinyl_gateway.records import Visit
from vinyl_gateway.refusals import LimitsUnavailable

MOST_ALLOWANCES = 50_000
_SECOND = 1_000_000_000


class Decision(msgspec.Struct, frozen=True):
    """`reset_seconds` until the burst is whole again, `retry_seconds` until one more request passes."""

    policy_field: bytes
    name: bytes
    remaining: int
    reset_seconds: int
    retry_seconds: int

    @property
    def allowed(self) -> bool:
        return self.retry_seconds == 0

    @property
    def state_field(self) -> bytes:
        return b"%b;r=%d;t=%d" % (self.name, self.remaining, self.reset_seconds)


class Ledger:
    """Everybody whom one policy counts."""

    def __init__(self, policy: Policy, store: SharedStore, counting: SharedCounting) -> None:
        self.policy = policy
        self.interval = policy.interval
        self._depth = policy.depth
        self._store = store
        self._counting = counting
        self._allowances: dict[object, Allowance] = {}
        self._leapt = store.leapt
        self._name = f'"{policy.name}"'.encode()
        self._policy_field = b"%b;q=%d;w=%d" % (self._name, policy.burst, policy.window_seconds)

    def take(self, who: object) -> Decision | None:
        """Counts one request of theirs; a refused one costs nothing. None where it has to wait: see `wait`.

        Raises LimitsUnavailable, as `wait` does.
        """
        if self._leapt != self._store.leapt:
            self._follow_clock()
        now = self._store.now()
        allowance = self._allowances.get(who) or self._open(who, now)
        if allowance.take(now, self.interval):
            if allowance.spent_to > allowance.renew_from:
                self._counting.renew(allowance, self.policy)
            return self.passed(allowance, now)
        if now < allowance.full_until:
            return self._refused(allowance, now)
        return None if self._store.is_present else self._take_unshared(allowance, now)

    def find(self, who: object) -> Allowance | None:
        """Theirs, where they were counted here before, by the store's clock as it goes now."""
        return self._allowances.get(who) if self._leapt == self._store.leapt else None

    def take_place(self, allowance: Allowance, now: int) -> int:
        """One that it has. How many more they have."""
        allowance.take(now, self.interval)
        if allowance.spent_to > allowance.renew_from:
            self._counting.renew(allowance, self.policy)
        return (self._depth - allowance.spent_to + now) // self.interval

    async def wait(self, who: object) -> Decision:
        allowance = self._allowances.get(who) or self._open(who, self._store.now())
        granted = await self._counting.wait_for_place(allowance, self.policy)
        now = self._store.now()
        if granted is None:
            return self._take_unshared(allowance, now)
        return self.passed(allowance, now) if granted else self._refused(allowance, now)

    def _take_unshared(self, allowance: Allowance, now: int) -> Decision:
        if self.policy.only_shared:
            raise LimitsUnavailable
        if allowance.take_unshared(now, self.policy):
            return self.passed(allowance, now)
        return self._refused(allowance, now)

    def passed(self, allowance: Allowance, now: int) -> Decision:
        debt = max(0, allowance.spent_to - now)
        return self._decide(max(0, (self._depth - debt) // self.interval), debt, 0)

    def _refused(self, allowance: Allowance, now: int) -> Decision:
        wait = allowance.full_until - now
        return self._decide(0, wait + self._depth - self.interval, max(1, -(-wait // _SECOND)))

    def _decide(self, remaining: int, debt: int, retry_seconds: int) -> Decision:
        return Decision(self._policy_field, self._name, remaining, -(-debt // _SECOND), retry_seconds)

    def _open(self, who: object, now: int) -> Allowance:
        if len(self._allowances) >= MOST_ALLOWANCES:
            self._forget(now)
        digest = blake2b(str(who).encode(), digest_size=12).hexdigest()
        allowance = Allowance(f"{SUBJECTS}.{self.policy.name}.{digest}")
        self._allowances[who] = allowance
        return allowance

    def _follow_clock(self) -> None:
        leap = self._store.leapt - self._leapt
        self._leapt += leap
        for allowance in self._allowances.values():
            allowance.shift(leap)

    def _forget(self, now: int) -> None:
        """Drops whoever owes nothing any more, and the oldest half where everybody owes."""
        kept = {who: each for who, each in self._allowances.items() if each.spent_to > now or each.is_asking}
        if len(kept) >= MOST_ALLOWANCES:
            kept = dict(list(kept.items())[MOST_ALLOWANCES // 2 :])
        self._allowances = kept


class RateLimits:
    """`addresses`, `accounts` and `tokens` are counted apart, each by the class of the route."""

    def __init__(
        self,
        store: SharedStore,
        addresses: Policies = ADDRESS_POLICIES,
        accounts: Policies = ACCOUNT_POLICIES,
        tokens: Policies = TOKEN_POLICIES,
    ) -> None:
        counting = SharedCounting(store)
        self._store = store
        self.addresses = _ledgers(addresses, store, counting)
        self.accounts = _ledgers(accounts, store, counting)
        self.tokens = _ledgers(tokens, store, counting)

    def gate(self, route_class: RouteClass) -> "Gate":
        ledgers = self.addresses[route_class], self.accounts[route_class], self.tokens[route_class]
        return Gate(*ledgers, self._store)


class Gate:
    """All that limits who asks for one class of routes."""

    def __init__(self, addresses: Ledger, accounts: Ledger, tokens: Ledger, store: SharedStore) -> None:
        self._addresses = addresses
        self._accounts = accounts
        self._tokens = tokens
        self._store = store

    def find(self, address: str, listener: Listener | None) -> "Allowances | None":
        """None for somebody who was not counted before by all of them."""
        counted = [(self._addresses, self._addresses.find(limited_address(address)))]
        if listener is not None:
            counted.append((self._accounts, self._accounts.find(listener.id)))
            counted.append((self._tokens, self._tokens.find(listener.session_id)))
        found = tuple((ledger, allowance) for ledger, allowance in counted if allowance is not None)
        return Allowances(address, found, self._store) if len(found) == len(counted) else None


class Allowances:
    """All that one client has for one class of routes. Of no use any more once a request did not pass."""

    __slots__ = ("_each", "_leapt", "_store", "address")

    def __init__(self, address: str, each: Sequence[tuple[Ledger, Allowance]], store: SharedStore) -> None:
        self.address = address
        self._each = each
        self._store = store
        self._leapt = store.leapt

    def pass_at_once(self, visit: Visit) -> bool:
        """Counts the request by all of them where each has a place at hand, or by none."""
        if self._leapt != self._store.leapt:
            return False
        now = self._store.now()
        for ledger, allowance in self._each:
            if not allowance.has_place(now, ledger.interval):
                return False
        fewest = NEVER
        for ledger, allowance in self._each:
            remaining = ledger.take_place(allowance, now)
            if remaining <= fewest:
                fewest, tightest, least = remaining, ledger, allowance
        decision = tightest.passed(least, now)
        visit.show_limit(decision.remaining, decision.policy_field, decision.state_field)
        return True


Ledgers = Mapping[RouteClass, Ledger]


def _ledgers(policies: Policies, store: SharedStore, counting: SharedCounting) -> Ledgers:
    return {route_class: Ledger(policy, store, counting) for route_class, policy in policies.items()}
