"""Runs the whole of Vinylhound on one machine, for development and tests."""
