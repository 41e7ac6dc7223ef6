"""The tables, as the migrations made them; every column's `info` says its retention class."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from vinyl_search.store.retention import Retention

metadata = MetaData()


def _own(name: str, kind: Any, *arguments: Any, **options: Any) -> Column[Any]:
    return Column(name, kind, *arguments, info={"retention": Retention.OWN}, **options)


def _market(name: str, kind: Any, *arguments: Any, **options: Any) -> Column[Any]:
    return Column(name, kind, *arguments, info={"retention": Retention.MARKET}, **options)


_TIME = DateTime(timezone=True)
_TEXTS = ARRAY(Text)

known_albums = Table(
    "known_albums",
    metadata,
    _own("album_id", Uuid, primary_key=True),
    _own("version", BigInteger),
    _own("merged_into", Uuid),
    _own("is_withdrawn", Boolean),
    _own("artist", Text),
    _own("title", Text),
    _own("year", Integer),
    _own("match_key", Text),
)

known_releases = Table(
    "known_releases",
    metadata,
    _own("release_id", Uuid, primary_key=True),
    _own("album_id", Uuid),
    _own("version", BigInteger),
    _own("discogs_release_id", BigInteger),
    _own("catalog_numbers", _TEXTS),
)

known_products = Table(
    "known_products",
    metadata,
    _own("product_id", Uuid, primary_key=True),
    _own("version", BigInteger),
)

known_wants = Table(
    "known_wants",
    metadata,
    _own("want_id", Uuid, primary_key=True),
    _own("version", BigInteger),
    _own("removed", Boolean),
    _own("listener_id", Uuid),
    _own("album_id", Uuid),
    _own("release_id", Uuid),
    _own("max_price_minor", BigInteger),
    _own("max_price_currency", Text),
    _own("min_media_condition", Text),
    _own("formats", _TEXTS),
)

known_collection = Table(
    "known_collection",
    metadata,
    _own("item_id", Uuid, primary_key=True),
    _own("version", BigInteger),
    _own("removed", Boolean),
    _own("listener_id", Uuid),
    _own("album_id", Uuid),
    _own("release_id", Uuid),
)

known_listeners = Table(
    "known_listeners",
    metadata,
    _own("user_id", Uuid, primary_key=True),
    _own("version", BigInteger),
    _own("username", Text),
    _own("country", Text),
    _own("currency", Text),
)

saved_searches = Table(
    "saved_searches",
    metadata,
    _own("id", Uuid, primary_key=True),
    _own("listener_id", Uuid),
    _own("version", BigInteger),
    _own("name", Text),
    _own("criteria", JSONB),
    _own("interval_minutes", Integer),
    _own("active", Boolean),
    _own("next_run_at", _TIME),
    _own("created_at", _TIME),
    _own("updated_at", _TIME),
)

runs = Table(
    "runs",
    metadata,
    _own("id", Uuid, primary_key=True),
    _own("search_id", Uuid, ForeignKey("saved_searches.id")),
    _own("listener_id", Uuid),
    _own("state", Text),
    _own("urgency", Text),
    _own("attempt", Integer),
    _own("providers", JSONB),
    _own("queued_at", _TIME),
    _own("started_at", _TIME),
    _own("finished_at", _TIME),
    _own("leased_until", _TIME),
)

sellers = Table(
    "sellers",
    metadata,
    _own("id", Uuid, primary_key=True),
    _own("provider", Text),
    _own("username", Text),
    _own("username_key", Text),
    _own("state", Text),
    _market("country", Text),
    _market("rating", Float),
    _market("listing_count", Integer),
    _own("last_read_at", _TIME),
    _own("last_error", Text),
    _own("version", BigInteger),
)

follows = Table(
    "follows",
    metadata,
    _own("listener_id", Uuid, primary_key=True),
    _own("seller_id", Uuid, ForeignKey("sellers.id"), primary_key=True),
    _own("followed_at", _TIME),
)

listings = Table(
    "listings",
    metadata,
    _market("id", Uuid, primary_key=True),
    _market("provider", Text),
    _market("provider_listing_id", Text),
    _market("source_key", Text),
    _market("seller_id", Uuid, ForeignKey("sellers.id")),
    _market("title", Text),
    _market("artist", Text),
    _market("album_title", Text),
    _market("format_words", _TEXTS),
    _market("medium", Text),
    _market("media_condition", Text),
    _market("sleeve_condition", Text),
    _market("price_minor", BigInteger),
    _market("price_currency", Text),
    _market("postage_minor", BigInteger),
    _market("postage_currency", Text),
    _market("postage_to", Text),
    _market("ships_from", Text),
    _market("url", Text),
    _market("discogs_release_id", BigInteger),
    _market("seller_rating", Float),
    _own("owner_id", Uuid),
    _own("release_id", Uuid),
    _market("album_id", Uuid),
    _market("confidence", Float),
    _market("reasons", _TEXTS),
    _market("first_seen_at", _TIME),
    _market("last_seen_at", _TIME),
)

search_results = Table(
    "search_results",
    metadata,
    _market("search_id", Uuid, ForeignKey("saved_searches.id"), primary_key=True),
    _market("listing_id", Uuid, ForeignKey("listings.id"), primary_key=True),
    _market("run_id", Uuid),
    _market("landed_minor", BigInteger),
    _market("landed_currency", Text),
    _market("postage_minor", BigInteger),
    _market("postage_currency", Text),
    _market("basis", Text),
)

provider_reads = Table(
    "provider_reads",
    metadata,
    _own("provider", Text, primary_key=True),
    _own("key", Text, primary_key=True),
    _own("read_at", _TIME),
    _market("seen", Integer),
    _market("total", Integer),
    _own("leased_until", _TIME),
)

provider_budgets = Table(
    "provider_budgets",
    metadata,
    _own("provider", Text, primary_key=True),
    _own("request_limit", Integer),
    _own("foreign_used", Integer),
    _own("foreign_until", _TIME),
    _own("refusals", Integer),
    _own("blocked_until", _TIME),
    _own("person_waits_until", _TIME),
    _own("credential_state", Text),
    _own("answered_at", _TIME),
    _own("failed_at", _TIME),
    _own("last_error", Text),
)

provider_requests = Table(
    "provider_requests",
    metadata,
    _own("id", Uuid, primary_key=True),
    _own("provider", Text),
    _own("settled", Boolean),
    _own("counts_until", _TIME),
)

exchange_rates = Table(
    "exchange_rates",
    metadata,
    _own("one", Boolean, primary_key=True),
    _own("as_of", Date),
    _own("source", Text),
    _own("per_euro", JSONB),
    _own("fetched_at", _TIME),
)
