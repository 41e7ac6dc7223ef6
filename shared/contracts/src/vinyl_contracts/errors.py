"""The few kinds of refusal there are. A service names its own cases as subclasses; no HTTP in here."""


class FieldError:
    """What is wrong with one field of an input; `field` is its path, such as `price.currency`."""

    __slots__ = ("detail", "field")

    def __init__(self, field: str, detail: str) -> None:
        self.field = field
        self.detail = detail

    def __repr__(self) -> str:
        return f"FieldError({self.field!r}, {self.detail!r})"


class Refusal(Exception):
    """A person's request that was understood and is not carried out. `detail` says what to do about it."""

    code: str
    detail: str

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotFound(Refusal):
    code = "not_found"


class Invalid(Refusal):
    code = "invalid_input"

    def __init__(self, detail: str, errors: list[FieldError] | None = None) -> None:
        super().__init__(detail)
        self.errors = errors or []

    @classmethod
    def field(cls, field: str, detail: str) -> "Invalid":
        return cls(f"{field}: {detail}", [FieldError(field, detail)])


class Conflict(Refusal):
    code = "conflict"


class Forbidden(Refusal):
    code = "forbidden"


class InsufficientScope(Forbidden):
    """`scope` is the one that the token is not for, None where no scope would do."""

    code = "insufficient_scope"

    def __init__(self, scope: str | None) -> None:
        super().__init__(
            f"This needs a token with the scope {scope}."
            if scope
            else "This needs a sign-in in person: tokens with scopes are not for it."
        )
        self.scope = scope


class Unauthenticated(Refusal):
    code = "unauthenticated"


class Throttled(Refusal):
    code = "too_many_requests"

    def __init__(self, detail: str, retry_after_seconds: int) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(Refusal):
    """Something this depends on is away; the same request may succeed later."""

    code = "unavailable"

    def __init__(self, detail: str, retry_after_seconds: int = 1) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class Stale(Refusal):
    """The person decided on an older version than the one that is stored."""

    code = "stale_version"

    def __init__(
        self, detail: str = "It was changed meanwhile: read it again and repeat your change."
    ) -> None:
        super().__init__(detail)


class VersionRequired(Refusal):
    code = "version_required"


class Mismatched(Refusal):
    """An idempotency key that was used for another request before."""

    code = "idempotency_key_reused"
