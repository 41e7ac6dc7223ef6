"""Which record of another source is the album or artist that we know, and how sure that is."""

import enum
import re
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

import msgspec
from rapidfuzz import fuzz

from vinyl_catalog.domain.folding import folded, words_of
from vinyl_catalog.domain.sources import SubjectKind

CERTAIN = 0.88
DOUBTFUL = 0.62
# Below this a title or an artist is another one, whatever else agrees.
_SAME_NAME = 0.6
# Below this a title may be a misspelling, or another word.
_VERY_NAME = 0.93
_CLOSE = 0.03
_MOST_LETTERS = 300
_NUMBERED = re.compile(r"\s\(\d+\)$")
_EDITION = re.compile(
    r"""[\s,:-]*(?:
        [(\[][^()\[\]]*\b(?:edition|remaster(?:ed)?|deluxe|expanded|anniversary|version|bonus|mono|stereo
            |explicit|reissue|album|ep|single)\b[^()\[\]]*[)\]]
        | -\s(?:ep|single|remastered|deluxe\sedition)
    )\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_DERIVED = re.compile(
    r"\b(?:tributes?|karaoke|covers?|(?:as )?made famous|in the style of|originally performed|backing tracks?"
    r"|lullab(?:y|ies)|rockabye|string quartet|8 bit|performs?|sing along|renditions?)\b"
)
# A recording of another kind under the same name: one that has such a word is not one that has not.
_TURNS = frozenset(
    ["live", "remix", "remixes", "remixed", "demo", "demos", "instrumental", "instrumentals", "hits", "best"]
)
_VARIOUS = frozenset(["various", "various artists", "v a", "va"])


class Subject(msgspec.Struct, frozen=True):
    """What we know of the album or artist. `artist` is the credit as printed, empty for an artist itself;
    `musicbrainz_id` what a curator set."""

    id: UUID
    kind: SubjectKind
    name: str
    artist: str = ""
    year: int | None = None
    track_count: int | None = None
    discogs_master_id: int | None = None
    discogs_release_id: int | None = None
    discogs_artist_id: int | None = None
    musicbrainz_id: str | None = None


class Candidate(msgspec.Struct, frozen=True):
    """A record of a source that may be the subject. `linked` where it names our own record as the same."""

    foreign_id: str
    name: str
    artist: str = ""
    year: int | None = None
    track_count: int | None = None
    url: str | None = None
    linked: bool = False
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()


class Verdict(enum.StrEnum):
    CERTAIN = "certain"
    DOUBTFUL = "doubtful"
    NONE = "none"


class Match(msgspec.Struct, frozen=True):
    """`candidates` are those worth a curator's look, the best first."""

    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()

    @property
    def best(self) -> Candidate:
        return self.candidates[0]


def match(subject: Subject, candidates: Iterable[Candidate], rejected: Sequence[str] = ()) -> Match:
    judged = sorted(
        (
            judge(subject, candidate)
            for candidate in candidates
            if candidate.foreign_id not in rejected and not is_derived(subject, candidate)
        ),
        key=lambda candidate: -candidate.confidence,
    )
    worth = tuple(candidate for candidate in judged[:10] if candidate.confidence >= DOUBTFUL)
    if not worth:
        return Match(Verdict.NONE)
    clear = worth[0].confidence >= CERTAIN and not _is_rivalled(subject.kind, worth)
    return Match(Verdict.CERTAIN if clear else Verdict.DOUBTFUL, worth)


def judge(subject: Subject, candidate: Candidate) -> Candidate:
    """The candidate with its confidence, 0 to 1, and what speaks for or against it."""
    if candidate.linked:
        return msgspec.structs.replace(candidate, confidence=1.0, reasons=("names our record as the same",))
    title = similarity(subject.name, candidate.name)
    parts = [("title", 3.0, title)]
    if subject.kind is SubjectKind.ALBUM:
        parts.append(("artist", 3.0, _artist_similarity(subject.artist, candidate.artist)))
        parts.extend(_numbers(subject, candidate))
    confidence = sum(weight * value for _, weight, value in parts) / sum(weight for _, weight, _ in parts)
    reasons = [f"{name} {value:.2f}" for name, _, value in parts]
    if min(value for name, _, value in parts if name in ("title", "artist")) < _SAME_NAME:
        confidence = min(confidence, DOUBTFUL / 2)
        reasons.append("another name")
    elif title < _VERY_NAME:
        confidence = min(confidence, (CERTAIN + DOUBTFUL) / 2)
        reasons.append("not quite its name")
    elif _turns(subject.name) != _turns(candidate.name):
        confidence = min(confidence, (CERTAIN + DOUBTFUL) / 2)
        reasons.append("another kind of recording")
    elif subject.kind is SubjectKind.ARTIST and _is_common(subject.name):
        confidence = min(confidence, (CERTAIN + DOUBTFUL) / 2)
        reasons.append("several artists have this name")
    return msgspec.structs.replace(candidate, confidence=round(confidence, 3), reasons=tuple(reasons))


def is_derived(subject: Subject, candidate: Candidate) -> bool:
    """A tribute, a karaoke or a cover album, unless ours is one too."""
    own = folded(f"{subject.name} {subject.artist}")
    return any(
        found not in own
        for found in _DERIVED.findall(folded(f"{candidate.name} {candidate.artist}"[:_MOST_LETTERS]))
    )


def similarity(one: str, other: str) -> float:
    """Of two names, 0 to 1, whatever their case, accents, order of words and edition."""
    first, second = _bare(one), _bare(other)
    return max(fuzz.ratio(first, second), fuzz.token_sort_ratio(first, second)) / 100


def unnumbered(name: str) -> str:
    """Without the number by which Discogs tells artists of one name apart."""
    return _NUMBERED.sub("", name)


def _artist_similarity(one: str, other: str) -> float:
    first, second = (_without_article(folded(unnumbered(name)[:_MOST_LETTERS])) for name in (one, other))
    if first in _VARIOUS and second in _VARIOUS:
        return 1.0
    ratios: list[Callable[..., float]] = [fuzz.ratio, fuzz.token_sort_ratio]
    plain = max(ratio(first, second) for ratio in ratios) / 100
    # "A feat. B" is found as "A", but not quite as surely
    return max(plain, 0.9 * fuzz.token_set_ratio(first, second) / 100)


def _numbers(subject: Subject, candidate: Candidate) -> list[tuple[str, float, float]]:
    parts = []
    if subject.year is not None and candidate.year is not None:
        apart = abs(subject.year - candidate.year)
        parts.append(("year", 1.0, max(0.0, 1.0 - apart / 5)))
    if subject.track_count and candidate.track_count and candidate.track_count > 0:
        fewer, more = sorted((subject.track_count, candidate.track_count))
        parts.append(("tracks", 0.5, fewer / more))
    return parts


def _is_rivalled(kind: SubjectKind, worth: Sequence[Candidate]) -> bool:
    """Another is as good, and not merely another edition of the same. An artist has no editions."""
    best, *others = worth
    return any(
        best.confidence - other.confidence < _CLOSE
        and other.linked == best.linked
        and (kind is SubjectKind.ARTIST or _printed_on(best) != _printed_on(other))
        for other in others
    )


def _printed_on(candidate: Candidate) -> tuple[int | None, int | None]:
    return candidate.year, candidate.track_count


def _bare(name: str) -> str:
    name = unnumbered(name[:_MOST_LETTERS])
    return _without_article(folded(_EDITION.sub("", name)) or folded(name))


def _without_article(text: str) -> str:
    return text.removeprefix("the ").removesuffix(" the")


def _turns(name: str) -> frozenset[str]:
    return _TURNS.intersection(words_of(name[:_MOST_LETTERS]))


def _is_common(name: str) -> bool:
    return _NUMBERED.search(name) is not None
