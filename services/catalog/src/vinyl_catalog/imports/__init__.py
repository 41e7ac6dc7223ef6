"""Discogs dump files: read as a stream, cut into records, understood, and loaded in batches."""
