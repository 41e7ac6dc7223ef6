"""The parts that records of several kinds share, read from their XML."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from itertools import repeat

from vinyl_catalog.domain.facts import Reference, SourceCredit, SourceVideo
from vinyl_catalog.imports.kinds import BadRecord

MOST_TITLE_LETTERS = 10_000
NAMELESS = "Unknown Artist"
_MOST_ID = (1 << 53) - 1
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_CONTROL_REFERENCES = re.compile(
    rb"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])|0*(?:[0-8]|1[1245-9]|2\d|3[01]));",
    re.IGNORECASE,
)


def parse_all(contents: Sequence[bytes]) -> Iterator[ET.Element | None]:
    """The records' trees, None for one that has to be parsed by itself. Some tens at once take half the time:
    a parser learns every tag's name anew."""
    try:
        trees = list(ET.fromstring(b"".join((b"<records>", *contents, b"</records>"))))  # noqa: S314
    except ET.ParseError:
        trees = []
    yield from trees if len(trees) == len(contents) else repeat(None, len(contents))


def parse(content: bytes) -> ET.Element:
    """A record's tree. It begins with its own tag, so nothing in it can declare an entity, or use one.
    Control characters, which no XML may hold, are left out. Raises BadRecord."""
    try:
        return ET.fromstring(content)  # noqa: S314
    except ET.ParseError:
        pass
    try:
        return ET.fromstring(_CONTROL_REFERENCES.sub(b"", content.translate(None, _CONTROLS)))  # noqa: S314
    except ET.ParseError as error:
        raise BadRecord(f"not well-formed XML: {error}") from None


def text_of(element: ET.Element | None) -> str | None:
    """The text without blanks around it and with plain line ends; None where there is none."""
    text = element.text if element is not None else None
    if not text:
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip() or None


def attribute_of(element: ET.Element, name: str) -> str | None:
    return (element.get(name) or "").strip() or None


def number_of(text: str | None) -> int | None:
    """A whole number from 0 up that JSON can carry; None for anything else."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 16:
        return None
    number = int(text)
    return number if number <= _MOST_ID else None


def foreign_id_of(text: str | None) -> int | None:
    """Discogs writes 0 where it has no record."""
    return number_of(text) or None


def own_id_of(text: str | None) -> int:
    """The id of the record itself. Raises BadRecord where it has none."""
    number = foreign_id_of(text.strip() if text else None)
    if number is None:
        raise BadRecord("the id is missing" if not text else "the id is no number from 1 up")
    return number


def title_of(element: ET.Element | None, discogs_id: int, what: str) -> str:
    title = text_of(element)
    if title is None:
        raise BadRecord(f"the {what} is missing", discogs_id)
    if len(title) > MOST_TITLE_LETTERS:
        raise BadRecord(f"the {what} is longer than {MOST_TITLE_LETTERS} characters", discogs_id)
    return title


def texts_in(element: ET.Element | None) -> tuple[str, ...]:
    return tuple(text for child in element if (text := text_of(child))) if element is not None else ()


def credits_in(element: ET.Element | None) -> tuple[SourceCredit, ...]:
    """The credits of an <artists> or <extraartists> element, without wholly empty ones."""
    if element is None or not len(element):
        return ()
    return tuple(credit for child in element if (credit := _credit_of(child)) is not None)


def references_in(element: ET.Element | None) -> tuple[Reference, ...]:
    """The names of a list of other records. Where a name has no id of its own the <id> before it counts."""
    references = []
    number: int | None = None
    for child in element if element is not None else ():
        if child.tag == "id":
            number = foreign_id_of(text_of(child))
            continue
        number = foreign_id_of(child.get("id")) or number
        name = text_of(child)
        if number and name:
            references.append(Reference(number, name))
        number = None
    return tuple(references)


def videos_in(element: ET.Element | None) -> tuple[SourceVideo, ...]:
    videos = []
    for child in element if element is not None else ():
        url = attribute_of(child, "src")
        if url:
            videos.append(SourceVideo(url, text_of(child.find("title")), number_of(child.get("duration"))))
    return tuple(videos)


def _credit_of(element: ET.Element) -> SourceCredit | None:
    values = {child.tag: text for child in element if (text := text_of(child))}
    number = foreign_id_of(values.get("id"))
    printed = values.get("anv")
    name = values.get("name") or printed or (NAMELESS if number else None)
    if name is None:
        return None
    return SourceCredit(
        name,
        number,
        printed if printed != name else None,
        values.get("join"),
        values.get("role"),
        values.get("tracks"),
    )
