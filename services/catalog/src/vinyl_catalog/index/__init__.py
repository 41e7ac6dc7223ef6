"""The search index: built from the tables, kept fresh, asked in process."""
