"""What can go wrong with a source. Each ends one asking, never the process."""

from typing import ClassVar


class SourceFault(Exception):
    """`code` is the stable slug that a curator sees."""

    code: ClassVar[str]


class Unreachable(SourceFault):
    """No answer in time, or one that says that the source is broken."""

    code = "source_unreachable"


class BadAnswer(SourceFault):
    """An answer that is not what the source documents."""

    code = "bad_answer"


class RateLimited(SourceFault):
    """`seconds` is for how long the source wants to be left alone, None where it does not say."""

    code = "rate_limited"

    def __init__(self, message: str, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class Refused(SourceFault):
    """The source does not accept who we are."""

    code = "credentials_refused"


class NoSuchThing(SourceFault):
    """The source says that what was asked for does not exist."""

    code = "not_found"


class NoTurn(SourceFault):
    """Nothing was sent: the budget was used up, or the breaker open, for longer than could be waited."""

    code = "no_turn"
