"""The event door: one file for each service that is heard."""
