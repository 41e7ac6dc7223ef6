"""What imports at scale keep, the records that they set aside, and indexes that take in many rows at once."""

from alembic import op

revision = "0002"
down_revision = "0001"

_INDEXES = ("albums_by_tag", "releases_by_code")


def upgrade() -> None:
    op.execute("alter table import_rejects add column raw text")
    for index in _INDEXES:
        op.execute(f"alter index {index} set (gin_pending_list_limit = 16384)")


def downgrade() -> None:
    for index in _INDEXES:
        op.execute(f"alter index {index} reset (gin_pending_list_limit)")
    op.execute("alter table import_rejects drop column raw")
