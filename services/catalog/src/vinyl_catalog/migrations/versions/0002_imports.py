"""What imports at scale keep, the records that they set aside, and indexes that take in many rows at once.

Words of albums and labels are looked for in the search index; songs and artists are listed by words too.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

_INDEXES = ("artists_by_word", "songs_by_word", "albums_by_tag", "releases_by_code")
_UNUSED = ("albums", "labels")


def upgrade() -> None:
    op.execute("alter table import_rejects add column raw text")
    for table in _UNUSED:
        op.execute(f"drop index {table}_by_word")
    for index in _INDEXES:
        op.execute(f"alter index {index} set (gin_pending_list_limit = 16384)")


def downgrade() -> None:
    for index in _INDEXES:
        op.execute(f"alter index {index} reset (gin_pending_list_limit)")
    for table in _UNUSED:
        words = "array_to_tsvector(string_to_array(search_text, ' '))"
        op.execute(f"create index {table}_by_word on {table} using gin ({words})")
    op.execute("alter table import_rejects drop column raw")
