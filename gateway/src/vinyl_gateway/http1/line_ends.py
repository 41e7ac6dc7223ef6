"""Lines end in CR and LF. What ends otherwise may never end, and is refused before its end is waited for."""

from vinyl_gateway.http1.refusals import Malformed


def refuse_bare_ends(part: bytes) -> None:
    """The LF of a last CR may be still to come. Raises Malformed."""
    ends = part.count(b"\r\n")
    if part.count(b"\n") != ends or part.count(b"\r") - part.endswith(b"\r") != ends:
        raise Malformed("Lines end in CR and LF.")
