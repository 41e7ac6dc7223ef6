"""What an import does about records that are gone is kept with it, so that a queued one does so too."""

from alembic import op

revision = "0010"
down_revision = "0007"


def upgrade() -> None:
    op.execute("alter table imports add column withdraw text not null default 'never'")
    op.execute("alter table imports alter column withdraw drop default")


def downgrade() -> None:
    op.execute("alter table imports drop column withdraw")
