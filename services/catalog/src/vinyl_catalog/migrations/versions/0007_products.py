"""The members' showcase."""

from alembic import op

revision = "0007"
down_revision = "0006"

_CREATE = """
create table categories (
    id uuid primary key,
    slug text not null unique,
    name text not null,
    description text,
    icon text,
    color text,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create table products (
    id uuid primary key,
    owner_id uuid not null,
    title text not null,
    description text,
    category_id uuid references categories (id),
    album_id uuid,
    release_id uuid,
    collection_item_id uuid,
    tags text[] not null,
    media_ids uuid[] not null,
    price_minor bigint,
    price_currency text,
    status text not null check (status in ('draft', 'published', 'archived')),
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    published_at timestamptz,
    listed_at timestamptz not null,
    hot double precision not null,
    upvote_count integer not null default 0,
    votes_version bigint not null default 0,
    comment_count integer not null default 0,
    comments_version bigint not null default 0,
    view_count integer not null default 0
);
create index products_hot on products (hot desc, id desc) where status = 'published';
create index products_new on products (listed_at desc, id desc) where status = 'published';
create index products_top on products (upvote_count desc, id desc) where status = 'published';
create index products_hot_in_category on products (category_id, hot desc, id desc) where status = 'published';
create index products_new_in_category on products (category_id, listed_at desc, id desc)
    where status = 'published';
create index products_top_in_category on products (category_id, upvote_count desc, id desc)
    where status = 'published';
create index products_of_category on products (category_id);
create index products_of_owner on products (owner_id, status, id);
create index products_of_album on products (album_id) where album_id is not null;
create index products_of_copy on products (collection_item_id) where collection_item_id is not null;
create index products_by_tag on products using gin (tags);
create index products_by_picture on products using gin (media_ids);
create table product_views (
    product_id uuid not null references products (id) on delete cascade,
    day date not null,
    visitor bigint not null,
    primary key (product_id, day, visitor)
);
create index product_views_by_day on product_views (day);
create table known_listeners (
    user_id uuid primary key,
    version bigint not null,
    username text not null
);
create index known_listeners_by_name on known_listeners (username);
create table known_copies (
    item_id uuid primary key,
    version bigint not null,
    removed boolean not null,
    owner_id uuid not null,
    album_id uuid,
    release_id uuid,
    media_condition text,
    sleeve_condition text
)
"""
# What the search index shows of them: views change nothing in it, and drafts are not in it.
_NOTING = {
    "insert": ("new table as latter", "select id from latter where status = 'published'"),
    "update": (
        "old table as former new table as latter",
        """
        select latter.id from former join latter on latter.id = former.id
        where 'published' in (former.status, latter.status)
            and (latter.version, latter.upvote_count) <> (former.version, former.upvote_count)
        """,
    ),
    "delete": ("old table as former", "select id from former where status = 'published'"),
}
_QUEUE = """
insert into unindexed (is_bulk, kind, id)
select (select count(*) > 100 from queued), 'product', id from queued
"""
_TABLES = ("known_copies", "known_listeners", "product_views", "products", "categories")


def upgrade() -> None:
    for statement in _CREATE.split(";"):
        op.execute(statement)
    for event, (transition, rows) in _NOTING.items():
        op.execute(
            f"create function note_product_on_{event}() returns trigger language plpgsql as $$ begin "
            f"with queued as ({rows}) {_QUEUE}; return null; end $$"
        )
        op.execute(
            f"create trigger products_unindexed_on_{event} after {event} on products "
            f"referencing {transition} for each statement execute function note_product_on_{event}()"
        )


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"drop table {table}")
    for event in _NOTING:
        op.execute(f"drop function note_product_on_{event}()")
