"""Saved searches that watch the marketplaces."""
