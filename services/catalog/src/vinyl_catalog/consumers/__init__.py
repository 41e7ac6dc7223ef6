"""The event door: a file per publisher heard."""
