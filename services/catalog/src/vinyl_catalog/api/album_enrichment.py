"""/albums/{id}/enrichment"""

from uuid import UUID

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from vinyl_catalog.api.enrichment import Refresh, asked_in, shown_enrichment
from vinyl_catalog.domain.enrichment import Decisions, EnrichmentView, NewSkip, Skip
from vinyl_catalog.domain.sources import SubjectKind
from vinyl_catalog.service.enrichment import EnrichmentService
from vinyl_chassis.identity import Listener, requires
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.claims import Role


class AlbumEnrichmentController(Controller):
    path = "/albums/{album_id:str}/enrichment"
    tags = ("enrichment",)
    guards = (requires(Role.CURATOR),)

    @get(summary="What each source said, and whose words are shown in which field")
    async def read_album_enrichment(
        self, enrichment: NamedDependency[EnrichmentService], album_id: FromPath[UUID]
    ) -> Response[EnrichmentView]:
        return shown_enrichment(await enrichment.read(SubjectKind.ALBUM, album_id))

    @put(summary="Decide whose words are shown, and which records are the right ones")
    async def decide_album_enrichment(
        self,
        enrichment: NamedDependency[EnrichmentService],
        expected: NamedDependency[ExpectedVersion],
        album_id: FromPath[UUID],
        data: JSONBody[Decisions],
    ) -> Response[EnrichmentView]:
        return shown_enrichment(await enrichment.decide(SubjectKind.ALBUM, album_id, data, expected))

    @post("/refresh", status_code=202, summary="Ask sources again, before anything else")
    async def refresh_album(
        self,
        enrichment: NamedDependency[EnrichmentService],
        album_id: FromPath[UUID],
        data: JSONBody[Refresh | None] = None,
    ) -> EnrichmentView:
        return await enrichment.refresh(SubjectKind.ALBUM, album_id, *asked_in(data))

    @put("/skip", summary="Ask no source about it any more")
    async def skip_album(
        self,
        enrichment: NamedDependency[EnrichmentService],
        listener: NamedDependency[Listener],
        album_id: FromPath[UUID],
        data: JSONBody[NewSkip],
    ) -> Skip:
        return await enrichment.skip(SubjectKind.ALBUM, album_id, data, listener.id)

    @delete("/skip", summary="Take it off the skip list")
    async def unskip_album(
        self, enrichment: NamedDependency[EnrichmentService], album_id: FromPath[UUID]
    ) -> None:
        await enrichment.unskip(SubjectKind.ALBUM, album_id)
