"""The generic cell rate algorithm (GCRA) as places on a line of time, which several processes can share.

Every request takes a place of one interval. It begins no earlier than the request and ends no later than a
burst's length after it, and no two overlap: so in any time there are no more than burst and rate allow,
whoever reserved them and however long before. All times are in nanoseconds.
"""

import asyncio

import msgspec

from vinyl_gateway.limits.policies import Policy

NEVER = 1 << 62
_SHARE_AHEAD = 8
_FEWEST_AHEAD = 4


class Reservation(msgspec.Struct, frozen=True):
    """The places from `begin` to `end`: `granted` for who waits, `ahead` for who may come."""

    begin: int
    end: int
    granted: int
    ahead: int


def reserve(policy: Policy, *, begin: int, now: int, wanted: int) -> Reservation:
    """As many of the places from `begin` on as are wanted and free, and far from the limit some ahead."""
    begin = max(begin, now)
    free = max(0, (now + policy.depth - begin) // policy.interval)
    granted = min(wanted, free)
    ahead = min((free - granted) // _SHARE_AHEAD, policy.most_ahead)
    return Reservation(begin, begin + (granted + ahead) * policy.interval, granted, ahead)


class Allowance:
    """One address's, account's or token's places: up to `reserved_to` they are this process's own, up to
    `spent_to` taken.

    `revision` is that of the reservation in the shared store. Before `full_until` no place is free for
    anybody. Past `renew_from` it is time to reserve more.
    """

    __slots__ = (
        "full_until",
        "is_asking",
        "renew_from",
        "reserved_to",
        "revision",
        "spent_to",
        "subject",
        "waiting",
    )

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.spent_to = 0
        self.reserved_to = 0
        self.renew_from = NEVER
        self.full_until = 0
        self.revision = 0
        self.is_asking = False
        self.waiting: list[asyncio.Future[bool | None]] = []

    def has_place(self, now: int, interval: int) -> bool:
        return (self.spent_to if self.spent_to > now else now) + interval <= self.reserved_to  # noqa: FURB136 - max is slower

    def take(self, now: int, interval: int) -> bool:
        """One of the places that are reserved."""
        spent_to = (self.spent_to if self.spent_to > now else now) + interval  # noqa: FURB136 - max is slower
        if spent_to > self.reserved_to:
            return False
        self.spent_to = spent_to
        return True

    def take_unshared(self, now: int, policy: Policy) -> bool:
        """A place that only this process knows of."""
        spent_to = max(self.spent_to, now) + policy.interval
        if spent_to > now + policy.depth:
            self.full_until = spent_to - policy.depth
            return False
        self.spent_to = spent_to
        return True

    def hold(self, reserved: Reservation, policy: Policy) -> None:
        """Those who wait have theirs; what is left over of an earlier reservation is given up.

        While one was made ahead of need, places of the earlier one may have been taken on.
        """
        self.spent_to = max(self.spent_to, reserved.begin) + reserved.granted * policy.interval
        self.reserved_to = reserved.end
        lasting = reserved.ahead >= _FEWEST_AHEAD
        self.renew_from = reserved.end - reserved.ahead * policy.interval // 4 if lasting else NEVER

    def shift(self, leap: int) -> None:
        """The clock leapt."""
        self.spent_to += leap
        self.reserved_to += leap
        self.full_until += leap
        self.renew_from += leap
