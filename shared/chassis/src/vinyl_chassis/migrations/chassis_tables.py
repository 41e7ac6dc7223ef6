"""The chassis's own tables, made by every service's first revision. Never edited: a change is a new step."""

from alembic import op

_CREATE = """
create table outbox (
    id bigint generated always as identity primary key,
    event_id uuid not null,
    subject text not null,
    aggregate_id uuid not null,
    envelope bytea not null,
    added_at timestamptz not null default now(),
    published_at timestamptz
);
create index outbox_waiting on outbox (id) where published_at is null;
create index outbox_published on outbox (published_at) where published_at is not null;
create table dead_letters (
    id bigint generated always as identity primary key,
    consumer text not null,
    subject text not null,
    payload bytea not null,
    reason text not null,
    set_aside_at timestamptz not null default now(),
    replayed_at timestamptz
);
create index dead_letters_waiting on dead_letters (consumer, id) where replayed_at is null;
create table idempotency_keys (
    key bytea primary key,
    request bytea not null,
    sealed_answer bytea not null,
    answered_at timestamptz not null default now()
);
create index idempotency_keys_age on idempotency_keys (answered_at);
"""


def create() -> None:
    for statement in _CREATE.split(";"):
        if statement.strip():
            op.execute(statement)


def drop() -> None:
    for table in ("idempotency_keys", "dead_letters", "outbox"):
        op.execute(f"drop table {table}")
