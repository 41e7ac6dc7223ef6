"""What members of this instance offer."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("alter table listings add column owner_id uuid, add column release_id uuid")
    op.execute("create index listings_of_pressing on listings (release_id) where release_id is not null")
    op.execute("create table known_products (product_id uuid primary key, version bigint not null)")


def downgrade() -> None:
    op.execute("drop table known_products")
    op.execute("delete from listings where provider = 'community'")
    op.execute("alter table listings drop column owner_id, drop column release_id")
