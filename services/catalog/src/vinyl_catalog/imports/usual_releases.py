"""Releases in the one spelling that nearly all of a dump has, read by patterns in half the time of a parser.

Whatever does not fit to the last letter is left to the parser of XML, well-formed or not.
"""

import re
from functools import lru_cache

from vinyl_catalog.domain.codes import catalog_number_of
from vinyl_catalog.domain.facts import (
    ReleaseFacts,
    SourceCompany,
    SourceCredit,
    SourceFormat,
    SourceIdentifier,
    SourceLabel,
    SourceTrack,
    SourceVideo,
)
from vinyl_catalog.imports.elements import MOST_TITLE_LETTERS

_SECTIONS = (
    "images artists title labels extraartists formats genres styles country released notes data_quality"
    " tracklist identifiers videos companies"
)
_MASTER, _MAIN = ('master_id is_main_release="false"', 'master_id is_main_release="true"')
_ENDINGS = {tag: f"</{tag}>" for tag in _SECTIONS.split()} | dict.fromkeys((_MASTER, _MAIN), "</master_id>")
_LEAVES = ("title", "country", "released", "notes", "data_quality")
_END = "</release>"
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n")
_REFERENCE = re.compile("&([^;&]*;?)")
_NUMBERED = re.compile("#(?:([0-9]{1,7})|x([0-9A-Fa-f]{1,6}));")
_BLANKS = (9, 10, 13)
_MOST_REMEMBERED = 10_000


def _leaves(*tags: str) -> str:
    return "".join(f"<{tag}(?:/>|>([^<]*)</{tag}>)" for tag in tags)


def _pattern(element: str) -> re.Pattern[str]:
    """What does not fit is found in the last group, a character at a time."""
    return re.compile(f"{element}|(.)", re.DOTALL)


_ID = "<id>([0-9]{1,15})</id>"
_VALUE, _NUMBER = '"([^"<\n\t]*)"', '"([0-9]{0,15})"'
_CREDITS = r"<{0}>((?:[^<]*<)*?/artist>)</{0}>"
_HEAD = re.compile(r'<release id="([0-9]{1,15})" status="[^"<]*">')
_IMAGE = "".join(f'(?: {name}="[^"<]*")?' for name in ("type", "uri", "uri150", "width", "height"))
_IMAGES = re.compile(f"(?:<image{_IMAGE}/>)*")
_CREDIT = _pattern(f"<artist>{_ID}{_leaves('name', 'anv', 'join', 'role', 'tracks')}</artist>")
_TRACK = _pattern(
    f"<track>{_leaves('position', 'title', 'duration')}"
    f"(?:{_CREDITS.format('artists')})?(?:{_CREDITS.format('extraartists')})?</track>"
)
_LABEL = _pattern(f"<label name={_VALUE} catno={_VALUE} id={_NUMBER}/>")
_DESCRIBED = r"(?:<descriptions>((?:[^<]*<)*?/description>)</descriptions>)?"
_FORMAT = _pattern(f"<format name={_VALUE} qty={_NUMBER} text={_VALUE}(?:/>|>{_DESCRIBED}</format>)")
_IDENTIFIER = _pattern(f"<identifier type={_VALUE}(?: description={_VALUE})? value={_VALUE}/>")
_VIDEO = _pattern(
    f'<video src={_VALUE} duration={_NUMBER} embed="[a-z]*">'
    f"{_leaves('title')}<description(?:/>|>[^<]*</description>)</video>"
)
_COMPANY = _pattern(
    f"<company>{_ID}{_leaves('name', 'catno', 'entity_type', 'entity_type_name')}"
    "(?:<resource_url>[^<]*</resource_url>)?</company>"
)
_WORD = _pattern("<(?:genre|style|description)>([^<]*)</(?:genre|style|description)>")


class _Unusual(Exception):
    pass


class _Characters(dict[str, str]):
    """By what follows the &, but for those that would be taken for markup."""

    def __missing__(self, name: str) -> str:
        match = _NUMBERED.fullmatch(name)
        code = int(match[1] or match[2], 10 if match[1] else 16) if match else 0
        if not (code in _BLANKS or 0x80 <= code < 0xD800 or 0xE000 <= code < 0x110000):
            raise _Unusual
        if len(self) < _MOST_REMEMBERED:
            self[name] = chr(code)
        return chr(code)


_CHARACTERS = _Characters({"amp;": "&", "gt;": ">", "apos;": "'"})


def usual_release(content: bytes) -> ReleaseFacts | None:
    """What `release_from` says of the record, or None."""
    try:
        return _release_in(_text_of(content))
    except (_Unusual, UnicodeDecodeError):
        return None


def _text_of(content: bytes) -> str:
    """The record with the characters that its references stand for."""
    text = content.decode()
    if len(content.translate(None, _CONTROLS)) != len(content):
        raise _Unusual
    if "&" in text:
        parts = _REFERENCE.split(text)
        parts[1::2] = map(_CHARACTERS.__getitem__, parts[1::2])
        text = "".join(parts)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "]]>" in text or (not text.isascii() and ("\ufffe" in text or "\uffff" in text)):
        raise _Unusual
    return text


def _release_in(text: str) -> ReleaseFacts:
    head = _HEAD.match(text)
    if head is None or not text.endswith(_END):
        raise _Unusual
    found = _sections_in(text, head.end())
    said = found.get
    discogs_id, title, master_id = int(head[1]), said("title", "").strip(), said(_MAIN) or said(_MASTER)
    if not discogs_id or not title or len(title) > MOST_TITLE_LETTERS or _is_odd(found, master_id):
        raise _Unusual
    return ReleaseFacts(
        discogs_id,
        title,
        int(master_id) or None if master_id else None,
        _MAIN in found,
        _credits_in(said("artists")),
        _credits_in(said("extraartists")),
        said("country", "").strip() or None,
        said("released", "").strip() or None,
        _formats_in(said("formats", "")),
        _labels_in(said("labels", "")),
        _identifiers_in(said("identifiers", "")),
        _companies_in(said("companies", "")),
        _tracks_in(said("tracklist", "")),
        _words_in(said("genres", "")),
        _words_in(said("styles", "")),
        said("notes", "").strip() or None,
        _videos_in(said("videos", "")),
    )


def _sections_in(text: str, position: int) -> dict[str, str]:
    """By their tags, what is in them."""
    found = {}
    end = len(text) - len(_END)
    while position < end:
        close = text.find(">", position)
        tag = text[position + 1 : close]
        ending = _ENDINGS.get(tag)
        if ending is None:
            if tag[-1:] != "/" or tag[:-1] not in _ENDINGS:
                raise _Unusual
            position = close + 1
            continue
        stop = text.find(ending, close)
        if stop < 0:
            raise _Unusual
        found[tag] = text[close + 1 : stop]
        position = stop + len(ending)
    return found


def _is_odd(found: dict[str, str], master_id: str | None) -> bool:
    """Where there is markup in what has to be plain, or no number in what has to be one."""
    for tag in _LEAVES:
        if tag in found and "<" in found[tag]:
            return True
    if master_id and not (master_id.isascii() and master_id.isdigit() and len(master_id) < 16):
        return True
    return (_MAIN in found and _MASTER in found) or _IMAGES.fullmatch(found.get("images", "")) is None


def _credits_in(section: str | None) -> tuple[SourceCredit, ...]:
    if not section:
        return ()
    credited = []
    for number, named, shown, join, role, tracks, other in _CREDIT.findall(section):
        name, printed = named.strip(), shown.strip()
        if other or not name:
            raise _Unusual
        credited.append(
            SourceCredit(
                name,
                int(number) or None,
                printed if printed and printed != name else None,
                join.strip() or None,
                role.strip() or None,
                tracks.strip() or None,
            )
        )
    return tuple(credited)


def _tracks_in(section: str) -> tuple[SourceTrack, ...]:
    tracks = []
    for position, title, duration, artists, credited, other in _TRACK.findall(section):
        if other:
            raise _Unusual
        said = title.strip(), position.strip() or None, duration.strip() or None
        if artists or credited:
            tracks.append(SourceTrack(*said, _credits_in(artists), _credits_in(credited)))
        elif any(said):
            tracks.append(SourceTrack(*said))
    return tuple(tracks)


@lru_cache(maxsize=5_000)
def _formats_in(section: str) -> tuple[SourceFormat, ...]:
    formats = []
    for name, quantity, text, described, other in _FORMAT.findall(section):
        if other:
            raise _Unusual
        number = int(quantity) if quantity else None
        formats.append(SourceFormat(name.strip(), number, text.strip() or None, _words_in(described)))
    return tuple(formats)


@lru_cache(maxsize=5_000)
def _words_in(section: str) -> tuple[str, ...]:
    found = _WORD.findall(section)
    if any(other for _, other in found):
        raise _Unusual
    return tuple(word for each, _ in found if (word := each.strip()))


def _labels_in(section: str) -> tuple[SourceLabel, ...]:
    labels = []
    for name, catalog_number, number, other in _LABEL.findall(section):
        if other:
            raise _Unusual
        if name := name.strip():
            discogs_id = int(number) or None if number else None
            labels.append(SourceLabel(name, discogs_id, catalog_number_of(catalog_number)))
    return tuple(labels)


def _identifiers_in(section: str) -> tuple[SourceIdentifier, ...]:
    identifiers = []
    for kind, description, value, other in _IDENTIFIER.findall(section):
        if other:
            raise _Unusual
        if value := value.strip():
            identifiers.append(SourceIdentifier(kind.strip() or "Other", value, description.strip() or None))
    return tuple(identifiers)


def _companies_in(section: str) -> tuple[SourceCompany, ...]:
    companies = []
    for number, name, catalog_number, _, role, other in _COMPANY.findall(section):
        if other:
            raise _Unusual
        if name := name.strip():
            discogs_id = int(number) or None
            companies.append(
                SourceCompany(name, discogs_id, role.strip() or None, catalog_number_of(catalog_number))
            )
    return tuple(companies)


def _videos_in(section: str) -> tuple[SourceVideo, ...]:
    videos = []
    for url, duration, title, other in _VIDEO.findall(section):
        if other:
            raise _Unusual
        if url := url.strip():
            videos.append(SourceVideo(url, title.strip() or None, int(duration) if duration else None))
    return tuple(videos)
