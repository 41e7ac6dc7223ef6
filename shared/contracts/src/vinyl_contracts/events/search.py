"""What the search service tells."""

from datetime import datetime
from typing import ClassVar

from vinyl_contracts.envelope import Event
from vinyl_contracts.ids import RunId, SearchId, UserId


class SearchCompleted(Event, frozen=True):
    """Aggregate: the run, version 1. `failed` where every market failed; `results` are shown now."""

    service: ClassVar[str] = "search"
    name: ClassVar[str] = "search_completed"

    run_id: RunId
    search_id: SearchId
    user_id: UserId
    search_name: str
    failed: bool
    results: int
    finished_at: datetime
