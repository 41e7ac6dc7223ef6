"""Discogs' API: its shapes, its access rules, its routes."""
