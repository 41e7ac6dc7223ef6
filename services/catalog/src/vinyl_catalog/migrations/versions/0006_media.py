"""Pictures that people uploaded."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("""
        create table media (
            id uuid primary key,
            owner_id uuid not null,
            source_hash bytea not null,
            width integer not null,
            height integer not null,
            color text not null,
            variants jsonb not null,
            created_at timestamptz not null,
            unique (owner_id, source_hash)
        )
    """)


def downgrade() -> None:
    op.execute("drop table media")
