"""Which picture a member wears, so that it is not deleted by mistake."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("alter table known_listeners add column avatar_media_id uuid")


def downgrade() -> None:
    op.execute("alter table known_listeners drop column avatar_media_id")
