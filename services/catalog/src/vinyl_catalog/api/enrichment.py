"""/admin/enrichment, and what the enrichment of albums and artists has in common."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency

from vinyl_catalog.domain.enrichment import (
    Doubt,
    EnrichmentState,
    EnrichmentView,
    Skip,
    version_of,
)
from vinyl_catalog.domain.sources import Field, Source
from vinyl_catalog.service.enrichment import EnrichmentService
from vinyl_chassis.identity import requires
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import versioned
from vinyl_contracts.claims import Role


class Refresh(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Absent, as the body may be: of every field, from every source that is on."""

    fields: Annotated[list[Field], msgspec.Meta(min_length=1, max_length=10)] | None = None
    sources: Annotated[list[Source], msgspec.Meta(min_length=1, max_length=10)] | None = None


class EnrichmentController(Controller):
    path = "/admin/enrichment"
    tags = ("enrichment",)
    guards = (requires(Role.CURATOR),)

    @get(summary="How each source stands: budget, breaker, queue, last error; and how far the walk is")
    async def read_enrichment_state(self, enrichment: NamedDependency[EnrichmentService]) -> EnrichmentState:
        return await enrichment.read_state()

    @get("/doubts", summary="Matches that a curator has to decide")
    async def list_doubts(
        self,
        enrichment: NamedDependency[EnrichmentService],
        cursors: NamedDependency[Cursors],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[Doubt]:
        found = await enrichment.list_doubts(cursors.read(cursor, tuple[UUID, str], "doubts"), limit + 1)
        return cursors.page(found, limit, lambda each: each, _place_of, "doubts")

    @get("/skips", summary="The skip list")
    async def list_skips(
        self,
        enrichment: NamedDependency[EnrichmentService],
        cursors: NamedDependency[Cursors],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[Skip]:
        place = cursors.read(cursor, tuple[UUID], "skips")
        found = await enrichment.list_skips(place[0] if place else None, limit + 1)
        return cursors.page(found, limit, lambda each: each, lambda each: [each.subject_id], "skips")


def shown_enrichment(view: EnrichmentView) -> Response[EnrichmentView]:
    return versioned(view, version_of(view))


def _place_of(doubt: Doubt) -> list[object]:
    return [doubt.subject_id, doubt.source]


def asked_in(refresh: Refresh | None) -> tuple[list[Field] | None, list[Source] | None]:
    return (refresh.fields, refresh.sources) if refresh else (None, None)
