"""What one source answered about one album or artist, and when it is to be asked again."""

import enum
import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from vinyl_catalog.domain.matching import Candidate
from vinyl_catalog.domain.sourced import SourcedField
from vinyl_catalog.domain.sources import TERMS, Field, Source, SubjectKind

_ABSENT_DAYS = 30
_FIRST_RETRY = timedelta(minutes=5)
_LONGEST_RETRY = timedelta(days=7)
# Terms that forbid keeping are no reason to fetch anew for nobody.
_UNASKED_DAYS = 30


class AnswerState(enum.StrEnum):
    """`waiting`: not asked yet, or to be asked anew. `doubtful`: a curator has to say which one it is."""

    WAITING = "waiting"
    MATCHED = "matched"
    DOUBTFUL = "doubtful"
    ABSENT = "absent"


class Urgency(enum.IntEnum):
    """Whose turn it is first. `rated` are albums that somebody rated."""

    PERSON = 0
    RATED = 1
    WALK = 2
    RENEWAL = 3


class Answer(msgspec.Struct, frozen=True):
    """`confirmed_id` and `rejected_ids` are a curator's; `due_at` None where nothing is to be asked.
    `error` is why the last attempt failed; what was known before it stays."""

    source: Source
    state: AnswerState = AnswerState.WAITING
    foreign_id: str | None = None
    url: str | None = None
    confidence: float | None = None
    candidates: tuple[Candidate, ...] = ()
    confirmed_id: str | None = None
    rejected_ids: tuple[str, ...] = ()
    asked_at: datetime | None = None
    due_at: datetime | None = None
    failures: int = 0
    error: str | None = None


class Found(msgspec.Struct, frozen=True):
    """What a source says of a record of its own: by field, the value and the page where it stands."""

    foreign_id: str
    url: str | None
    values: dict[Field, Any]


class Task(msgspec.Struct, frozen=True):
    """An answer that is due, leased to one worker. `wanted_fields` None wants all that the source offers."""

    subject_id: UUID
    kind: SubjectKind
    lease: UUID
    urgency: Urgency
    wanted_fields: frozenset[Field] | None
    answer: Answer

    def wants(self, field: Field) -> bool:
        return self.wanted_fields is None or field in self.wanted_fields


def fields_of(task: Task, found: Found, at: datetime) -> list[SourcedField]:
    """Each with its terms, those of them that are wanted."""
    terms = TERMS[task.answer.source]
    return [
        SourcedField(
            source=task.answer.source,
            field=field,
            value=msgspec.Raw(msgspec.json.encode(value)),
            licence=terms.licence,
            url=found.url,
            fetched_at=at,
            expires_at=at + terms.shelf_life,
            restricted=terms.restricted,
        )
        for field, value in found.values.items()
        if value and task.wants(field)
    ]


def due_after(source: Source, state: AnswerState, at: datetime, *, is_rated: bool) -> datetime:
    """When what was answered is old. What is not there is asked for again in a month."""
    terms = TERMS[source]
    if state is AnswerState.ABSENT:
        wait = timedelta(days=_ABSENT_DAYS)
    elif terms.restricted and not is_rated:
        wait = max(terms.shelf_life, timedelta(days=_UNASKED_DAYS))
    else:
        wait = terms.shelf_life
    return at + wait * random.uniform(0.9, 1.0)  # noqa: S311 - spreads the renewals


def due_after_failure(failures: int, at: datetime) -> datetime:
    """`failures` in a row, this one included: 5 minutes, then twice as long each time, a week at most."""
    wait = min(_FIRST_RETRY * (1 << min(failures - 1, 20)), _LONGEST_RETRY)
    return at + wait * random.uniform(0.8, 1.2)  # noqa: S311 - spreads the retries
