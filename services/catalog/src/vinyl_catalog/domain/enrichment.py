"""What a curator sees of an album's or artist's enrichment, and may decide about it."""

from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Any
from uuid import UUID

import msgspec

from vinyl_catalog.domain.answers import Answer, AnswerState
from vinyl_catalog.domain.matching import Candidate
from vinyl_catalog.domain.source_budgets import Breaker
from vinyl_catalog.domain.sourced import Enrichment
from vinyl_catalog.domain.sources import OFFERS, Field, Source, SubjectKind, is_foreign_id
from vinyl_contracts.errors import FieldError, Invalid

_CHOOSABLE = (Field.IMAGES, Field.TEXT)
ForeignId = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class FieldView(msgspec.Struct, frozen=True):
    """`value` as the source said it; `restricted` where it may not be shown after `expires_at`."""

    field: Field
    value: Any
    licence: str
    url: str | None
    fetched_at: datetime
    expires_at: datetime
    restricted: bool


class SourceView(msgspec.Struct, frozen=True):
    """What one source said. `candidates` wait for a curator where `state` is `doubtful`."""

    source: Source
    is_on: bool
    state: AnswerState
    foreign_id: str | None
    url: str | None
    confidence: float | None
    candidates: list[Candidate]
    asked_at: datetime | None
    due_at: datetime | None
    error: str | None
    fields: list[FieldView]


class Skip(msgspec.Struct, frozen=True):
    """No source is asked about it until it is taken off the list."""

    subject_id: UUID
    kind: SubjectKind
    reason: str
    skipped_at: datetime
    skipped_by: UUID | None


class NewSkip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Decisions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a curator decides about the sources' answers: which source is shown in `images` and `text`,
    which of a source's records it is, and which it is not."""

    choices: dict[Field, Source] = {}
    confirmed: dict[Source, ForeignId] = {}
    rejected: dict[Source, Annotated[list[ForeignId], msgspec.Meta(max_length=100)]] = {}


class EnrichmentView(msgspec.Struct, frozen=True):
    """`shown` is whose words stand in each field: "dump", or a source. Links are everybody's."""

    id: UUID
    kind: SubjectKind
    shown: dict[Field, str | None]
    decisions: Decisions
    skipped: Skip | None
    sources: list[SourceView]


class SourceState(msgspec.Struct, frozen=True):
    """`budget_left` requests may be sent now of `budget` in any `budget_seconds`. `queue` counts to 10000."""

    source: Source
    is_on: bool
    budget: int
    budget_left: int
    budget_seconds: float
    breaker: Breaker
    open_until: datetime | None
    blocked_until: datetime | None
    queue: int
    answers: dict[AnswerState, int]
    answered_at: datetime | None
    failed_at: datetime | None
    last_error: str | None


class Walk(msgspec.Struct, frozen=True):
    """How far the walk over all albums or artists came; at its end it rests, and begins anew."""

    kind: SubjectKind
    after_id: UUID | None
    rests_until: datetime | None


class EnrichmentState(msgspec.Struct, frozen=True):
    sources: list[SourceState]
    walks: list[Walk]


class Doubt(msgspec.Struct, frozen=True):
    """An answer that a curator has to decide."""

    subject_id: UUID
    kind: SubjectKind
    source: Source
    confidence: float | None
    candidates: list[Candidate]
    asked_at: datetime | None


def version_of(view: EnrichmentView) -> str:
    """Another whenever anything in it changed, by workers and by the passing of time too."""
    return blake2b(msgspec.json.encode(view), digest_size=12).hexdigest()


def check(decisions: Decisions, kind: SubjectKind) -> None:
    """Raises Invalid for what cannot be decided so."""
    offers = OFFERS[kind]
    wrong = [
        FieldError(f"choices.{field}", "is not offered by this source, or not to be chosen")
        for field, source in decisions.choices.items()
        if field not in _CHOOSABLE or field not in offers.get(source, ())
    ]
    named = [(f"confirmed.{source}", source, each) for source, each in decisions.confirmed.items()]
    for source, ids in decisions.rejected.items():
        named.extend((f"rejected.{source}", source, each) for each in ids)
    wrong.extend(
        FieldError(path, "is no id of this source")
        for path, source, each in named
        if source not in offers or not is_foreign_id(source, each)
    )
    wrong.extend(
        FieldError(f"confirmed.{source}", "is rejected as well")
        for source, each in decisions.confirmed.items()
        if each in decisions.rejected.get(source, ())
    )
    if wrong:
        raise Invalid("These decisions cannot be made.", wrong)


def decided(answer: Answer, decisions: Decisions, at: datetime) -> Answer | None:
    """The answer with what was decided about it, to be asked anew; None where that changes nothing."""
    confirmed = decisions.confirmed.get(answer.source)
    rejected = tuple(decisions.rejected.get(answer.source, ()))
    if confirmed == answer.confirmed_id and rejected == answer.rejected_ids:
        return None
    ruled = msgspec.structs.replace(answer, confirmed_id=confirmed, rejected_ids=rejected)
    another = confirmed is not None and confirmed != answer.foreign_id
    if not another and answer.foreign_id not in rejected and answer.state is AnswerState.MATCHED:
        return ruled
    return asked_anew(ruled, at)


def asked_anew(answer: Answer, due_at: datetime | None) -> Answer:
    """Without what it said so far."""
    return msgspec.structs.replace(
        answer,
        state=AnswerState.WAITING,
        foreign_id=None,
        url=None,
        confidence=None,
        candidates=(),
        due_at=due_at,
        failures=0,
        error=None,
    )


def view_of(
    subject_id: UUID,
    kind: SubjectKind,
    answers: dict[Source, Answer],
    enrichment: Enrichment,
    skipped: Skip | None,
    on: tuple[Source, ...],
    *,
    dump_has_text: bool,
) -> EnrichmentView:
    return EnrichmentView(
        id=subject_id,
        kind=kind,
        shown={
            field: enrichment.source_of(field, dump_has_it=dump_has_text and field is Field.TEXT)
            for field in (Field.IMAGES, Field.TEXT, Field.MUSICBRAINZ_ID)
        },
        decisions=Decisions(
            enrichment.choices,
            {source: each.confirmed_id for source, each in answers.items() if each.confirmed_id},
            {source: list(each.rejected_ids) for source, each in answers.items() if each.rejected_ids},
        ),
        skipped=skipped,
        sources=[
            _source_view(source, answers.get(source) or Answer(source), enrichment, is_on=source in on)
            for source in OFFERS[kind]
        ],
    )


def _source_view(source: Source, answer: Answer, enrichment: Enrichment, *, is_on: bool) -> SourceView:
    return SourceView(
        source=source,
        is_on=is_on,
        state=answer.state,
        foreign_id=answer.foreign_id,
        url=answer.url,
        confidence=answer.confidence,
        candidates=list(answer.candidates),
        asked_at=answer.asked_at,
        due_at=answer.due_at,
        error=answer.error,
        fields=[
            FieldView(
                said.field,
                msgspec.json.decode(said.value),
                said.licence,
                said.url,
                said.fetched_at,
                said.expires_at,
                said.restricted,
            )
            for said in enrichment.fields
            if said.source is source
        ],
    )
