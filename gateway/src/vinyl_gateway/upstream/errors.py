"""What goes wrong between the gateway and a service."""


class UpstreamError(Exception):
    """The base of what follows, so that a caller can tell it from its own mistakes."""


class ConnectFailed(UpstreamError):
    """No connection came about: the service saw nothing of the request."""


class ConnectRefused(ConnectFailed):
    """Nobody listens there, as while it restarts; to ask again costs next to nothing."""


class NoneAdmits(UpstreamError):
    """Every instance of the service is being left alone."""


class Overloaded(UpstreamError):
    """Every instance has as many requests as it can answer in good time."""


class PoolExhausted(UpstreamError):
    """Every connection that the service is allowed stayed busy for too long."""


class ConnectionBroken(UpstreamError):
    """The service closed in the middle. `answered` tells whether a part of its answer had come."""

    def __init__(self, message: str, *, answered: bool) -> None:
        super().__init__(message)
        self.answered = answered


class AnswerGarbled(UpstreamError):
    """What came back is not HTTP, or not framed so that its end is certain."""
