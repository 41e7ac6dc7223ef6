"""Artists with a new name, whose albums are told of anew a step at a time."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute(
        """create table untold_artists (
            id bigint generated always as identity primary key,
            numbers bigint[] not null,
            after_album_id uuid not null
        )"""
    )


def downgrade() -> None:
    op.execute("drop table untold_artists")
