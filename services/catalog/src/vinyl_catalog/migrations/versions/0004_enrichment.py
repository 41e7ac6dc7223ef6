"""What other sources say: their answers (which are the queue too), the fields, and each source's budget."""

from alembic import op

revision = "0004"
down_revision = "0003"

_CREATE = """
create table enrichment_subjects (
    subject_id uuid primary key,
    kind text not null,
    choices jsonb not null default '{}',
    skip_reason text,
    skipped_at timestamptz,
    skipped_by uuid
);
create index enrichment_skips on enrichment_subjects (subject_id) where skipped_at is not null;
create table enrichment_answers (
    subject_id uuid not null,
    source text not null,
    kind text not null,
    state text not null,
    foreign_id text,
    url text,
    confidence double precision,
    candidates jsonb not null default '[]',
    confirmed_id text,
    rejected_ids text[] not null default '{}',
    asked_at timestamptz,
    due_at timestamptz,
    urgency smallint not null,
    wanted_fields text[],
    lease uuid,
    leased_until timestamptz,
    failures integer not null default 0,
    error text,
    primary key (subject_id, source)
);
create index enrichment_answers_due on enrichment_answers (source, urgency, due_at) where due_at is not null;
create index enrichment_answers_by_state on enrichment_answers (source, state);
create index enrichment_answers_doubtful on enrichment_answers (subject_id, source) where state = 'doubtful';
create table enrichment_fields (
    subject_id uuid not null,
    source text not null,
    field text not null,
    value jsonb not null,
    licence text not null,
    url text,
    fetched_at timestamptz not null,
    expires_at timestamptz not null,
    restricted boolean not null,
    primary key (subject_id, source, field)
);
create index enrichment_fields_expiring on enrichment_fields (expires_at) where restricted;
create table enrichment_walks (
    kind text primary key,
    after_id uuid,
    rests_until timestamptz
);
create table enrichment_sources (
    source text primary key,
    sent timestamptz[] not null default '{}',
    blocked_until timestamptz,
    refusals integer not null default 0,
    failures integer not null default 0,
    open_until timestamptz,
    answered_at timestamptz,
    failed_at timestamptz,
    last_error text
)
"""
_DROP = """
drop table enrichment_sources, enrichment_walks, enrichment_fields, enrichment_answers, enrichment_subjects
"""


def upgrade() -> None:
    for statement in _CREATE.split(";"):
        op.execute(statement)


def downgrade() -> None:
    op.execute(_DROP)
