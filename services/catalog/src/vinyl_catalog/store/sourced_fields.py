"""What may be shown of other sources' fields, as part of the statement that reads an album or artist.

Restricted fields that have expired are not read at all, whether or not they have been deleted yet.
"""

from datetime import timedelta
from itertools import chain
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Text, and_, cast, func, literal_column, or_, select

from vinyl_catalog.domain.sourced import Enrichment, SourcedField
from vinyl_catalog.domain.sources import Field, Source
from vinyl_catalog.store.enrichment_tables import enrichment_fields, enrichment_subjects

_decode_fields = msgspec.json.Decoder(tuple[SourcedField, ...]).decode
_decode_choices = msgspec.json.Decoder(dict[Field, Source]).decode
_fields, _subjects = enrichment_fields.c, enrichment_subjects.c
_NOTHING = Enrichment()
# A shared cache may show an answer for a minute after it was read.
_SPARE: ColumnElement[timedelta] = literal_column("interval '60 seconds'")
MAY_BE_SHOWN: ColumnElement[bool] = or_(
    _fields.restricted.is_(False), _fields.expires_at > func.now() + _SPARE
)


def enrichment_columns(subject_id: ColumnElement[Any]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """`sourced` and `choices`, JSON texts or null, for `enrichment_of`."""
    pairs: list[tuple[ColumnElement[Any], ColumnElement[Any]]] = [
        (literal_column(f"'{column.name}'"), column) for column in _fields if column is not _fields.subject_id
    ]
    sourced = select(cast(func.jsonb_agg(func.jsonb_build_object(*chain.from_iterable(pairs))), Text)).where(
        and_(_fields.subject_id == subject_id, MAY_BE_SHOWN)
    )
    choices = select(cast(_subjects.choices, Text)).where(_subjects.subject_id == subject_id)
    return sourced.scalar_subquery().label("sourced"), choices.scalar_subquery().label("choices")


def enrichment_of(sourced: str | None, choices: str | None) -> Enrichment:
    if sourced is None and choices is None:
        return _NOTHING
    return Enrichment(_decode_fields(sourced) if sourced else (), _decode_choices(choices) if choices else {})
