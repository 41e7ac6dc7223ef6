"""What can go wrong with a market. Each ends one reading, never the process."""

from typing import ClassVar


class ProviderFault(Exception):
    """`code` is the stable slug that a run shows."""

    code: ClassVar[str]


class Unreachable(ProviderFault):
    """No answer, or one that says that it is broken, however often it was asked."""

    code = "provider_unreachable"


class RateLimited(ProviderFault):
    """The budget was not free within the caller's patience."""

    code = "rate_limited"


class BadAnswer(ProviderFault):
    """An answer that is not what the market documents."""

    code = "bad_answer"


class Refused(ProviderFault):
    """The market does not accept who we are."""

    code = "credentials_refused"


class NoSuchThing(ProviderFault):
    """The market says that what was asked for does not exist."""

    code = "not_found"
