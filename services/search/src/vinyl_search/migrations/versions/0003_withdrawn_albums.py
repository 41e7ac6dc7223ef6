"""Albums that the catalogue withdrew."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("alter table known_albums add column is_withdrawn boolean not null default false")


def downgrade() -> None:
    op.execute("alter table known_albums drop column is_withdrawn")
