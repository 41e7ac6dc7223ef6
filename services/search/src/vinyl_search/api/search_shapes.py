"""Saved searches and their runs on the wire."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, RunId, SearchId
from vinyl_contracts.money import Money
from vinyl_search.domain.money import Amount
from vinyl_search.domain.provider import Provider
from vinyl_search.domain.run import Coverage, ProviderRun, ProviderState, Run, RunState
from vinyl_search.domain.saved_search import (
    LEAST_INTERVAL_MINUTES,
    USUAL_INTERVAL_MINUTES,
    Criteria,
    SavedSearch,
    check_countries,
    check_line,
    check_name,
)
from vinyl_search.service.searches import SearchChange, SearchWishes

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Query = Annotated[str, msgspec.Meta(max_length=200)]
Albums = Annotated[list[AlbumId], msgspec.Meta(max_length=100)]
Providers = Annotated[list[Provider], msgspec.Meta(max_length=len(Provider))]
Country = Annotated[str, msgspec.Meta(min_length=2, max_length=2, description="ISO 3166-1 alpha-2")]
Countries = Annotated[list[Country], msgspec.Meta(max_length=250)]
Interval = Annotated[int, msgspec.Meta(ge=LEAST_INTERVAL_MINUTES, le=30 * 24 * 60)]
_FIELDS = ("name", "interval_minutes", "active")


class ChangedSearch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out stays; null goes back to what restricts nothing."""

    name: Name | UnsetType = UNSET
    query: Query | UnsetType | None = UNSET
    use_wants: bool | UnsetType | None = UNSET
    album_ids: Albums | UnsetType | None = UNSET
    providers: Providers | UnsetType | None = UNSET
    max_price: Money | UnsetType | None = UNSET
    min_media_condition: Grade | UnsetType | None = UNSET
    min_sleeve_condition: Grade | UnsetType | None = UNSET
    ships_to: Country | UnsetType | None = UNSET
    seller_countries: Countries | UnsetType | None = UNSET
    interval_minutes: Interval | UnsetType | None = UNSET
    active: bool | UnsetType | None = UNSET

    def change(self) -> SearchChange:
        """Raises Invalid."""
        given = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not UNSET}
        meant = {name: _MEANINGS[name](value) for name, value in given.items()}
        return SearchChange(
            fields={name: value for name, value in meant.items() if name in _FIELDS},
            criteria={name: value for name, value in meant.items() if name not in _FIELDS},
        )


class NewSearch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Only the name is required; null or absent restricts nothing, an empty list neither."""

    name: Name
    query: Query | None = None
    use_wants: bool | None = None
    album_ids: Albums | None = None
    providers: Providers | None = None
    max_price: Money | None = None
    min_media_condition: Grade | None = None
    min_sleeve_condition: Grade | None = None
    ships_to: Country | None = None
    seller_countries: Countries | None = None
    interval_minutes: Interval | None = None
    active: bool | None = None

    def change(self) -> SearchChange:
        """The change of any search into this one. Raises Invalid."""
        return ChangedSearch(**msgspec.structs.asdict(self)).change()

    def wishes(self) -> SearchWishes:
        """Raises Invalid."""
        return self.change().apply(SearchWishes("", Criteria(), USUAL_INTERVAL_MINUTES, active=True))


class SearchView(msgspec.Struct, frozen=True):
    id: SearchId
    name: str
    query: str | None
    use_wants: bool
    album_ids: list[AlbumId]
    providers: list[Provider]
    max_price: Money | None
    min_media_condition: Grade | None
    min_sleeve_condition: Grade | None
    ships_to: str | None
    seller_countries: list[str]
    interval_minutes: int
    active: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, search: SavedSearch) -> "SearchView":
        criteria = search.criteria
        return cls(
            id=search.id,
            name=search.name,
            query=criteria.query,
            use_wants=criteria.use_wants,
            album_ids=list(criteria.album_ids or ()),
            providers=list(criteria.providers),
            max_price=criteria.max_price.money if criteria.max_price else None,
            min_media_condition=criteria.min_media_condition,
            min_sleeve_condition=criteria.min_sleeve_condition,
            ships_to=criteria.ships_to,
            seller_countries=list(criteria.seller_countries or ()),
            interval_minutes=search.interval_minutes,
            active=search.active,
            created_at=search.created_at,
            updated_at=search.updated_at,
        )


class CoverageView(msgspec.Struct, frozen=True):
    """Copies seen of those the market says there are; null while it has not said."""

    seen: int
    total: int | None

    @classmethod
    def of(cls, coverage: Coverage) -> "CoverageView":
        return cls(coverage.seen, coverage.total)


class ProviderRunView(msgspec.Struct, frozen=True):
    provider: Provider
    state: ProviderState
    listings_seen: int
    coverage: CoverageView
    quota_used: int
    error: str | None

    @classmethod
    def of(cls, run: ProviderRun) -> "ProviderRunView":
        coverage = CoverageView.of(run.coverage)
        return cls(run.provider, run.state, run.listings_seen, coverage, run.quota_used, run.error)


class RunView(msgspec.Struct, frozen=True):
    id: RunId
    search_id: SearchId
    state: RunState
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    providers: list[ProviderRunView]

    @classmethod
    def of(cls, run: Run) -> "RunView":
        return cls(
            run.id,
            run.search_id,
            run.state,
            run.queued_at,
            run.started_at,
            run.finished_at,
            [ProviderRunView.of(each) for each in run.providers],
        )


class QueuedRun(msgspec.Struct, frozen=True):
    run_id: RunId


_MEANINGS: dict[str, Callable[[Any], Any]] = {
    "name": check_name,
    "query": lambda text: check_line("query", text),
    "use_wants": bool,
    "active": lambda active: active is not False,
    "interval_minutes": lambda minutes: minutes or USUAL_INTERVAL_MINUTES,
    "providers": lambda providers: tuple(dict.fromkeys(providers or Provider)),
    "max_price": lambda money: None if money is None else Amount.of(money),
    "ships_to": lambda code: None if code is None else check_countries("ships_to", [code])[0],
    "seller_countries": lambda codes: check_countries("seller_countries", codes) if codes else None,
    "album_ids": lambda albums: tuple(albums) if albums else None,
    "min_media_condition": lambda grade: grade,
    "min_sleeve_condition": lambda grade: grade,
}
"""What a field's value means in our own terms. Each raises Invalid where it means nothing."""
