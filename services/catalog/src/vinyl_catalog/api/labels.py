"""/labels and /genres"""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from vinyl_catalog.api.albums import DiscogsId, Word
from vinyl_catalog.api.shown import found_by, item_of, keyed_by, place_of, shown
from vinyl_catalog.domain.labels import Label
from vinyl_catalog.domain.lists import TagCount
from vinyl_catalog.service.labels import LabelService
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import may_be_kept


class LabelController(Controller):
    path = "/labels"
    tags = ("labels",)

    @get(
        summary="Labels by name, with how many albums came out on them; with `q` the best fit first",
        response_headers=may_be_kept("albums"),
    )
    async def list_labels(
        self,
        labels: NamedDependency[LabelService],
        cursors: NamedDependency[Cursors],
        q: Word = None,
        discogs_label_id: DiscogsId = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[Page[Label]]:
        after = cursors.read(cursor, keyed_by(q, tuple[str, UUID]), "labels", q, discogs_label_id)
        found = await labels.list_labels(q, discogs_label_id, after, limit + 1)
        return found_by(q, cursors.page(found, limit, item_of, place_of, "labels", q, discogs_label_id))

    @get("/{label_id:str}", summary="One label")
    async def read_label(
        self, labels: NamedDependency[LabelService], label_id: FromPath[UUID]
    ) -> Response[Label]:
        return shown(await labels.read_label(label_id), f"label-{label_id}")


@get(
    "/genres",
    summary="Genres, with how many albums are of each",
    tags=["albums"],
    response_headers=may_be_kept("albums"),
)
async def list_genres(
    labels: NamedDependency[LabelService],
    cursors: NamedDependency[Cursors],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[TagCount]:
    after = cursors.read(cursor, tuple[str], "genres")
    found = await labels.list_genres(after, limit + 1)
    return cursors.page(found, limit, item_of, place_of, "genres")
