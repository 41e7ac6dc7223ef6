"""No statistics of columns that nobody filters or sorts by: an import waits for them at its end."""

from alembic import op

revision = "0013"
down_revision = "0012"

_UNASKED = {
    "albums": ("document", "source_hash", "title", "own_tags", "edits"),
    "releases": (
        *("document", "source_hash", "title", "country"),
        *("formats", "catalog_numbers", "barcodes", "tags"),
    ),
}


def upgrade() -> None:
    _set_statistics("0")


def downgrade() -> None:
    _set_statistics("-1")


def _set_statistics(target: str) -> None:
    for table, columns in _UNASKED.items():
        changes = ", ".join(f"alter column {column} set statistics {target}" for column in columns)
        op.execute(f"alter table {table} {changes}")
