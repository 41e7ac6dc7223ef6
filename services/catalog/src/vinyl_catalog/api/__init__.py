"""The HTTP door: each file translates one resource, and nothing more."""
