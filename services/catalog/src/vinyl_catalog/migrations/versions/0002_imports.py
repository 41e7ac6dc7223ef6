"""What imports at scale keep: the records that they set aside."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("alter table import_rejects add column raw text")


def downgrade() -> None:
    op.execute("alter table import_rejects drop column raw")
