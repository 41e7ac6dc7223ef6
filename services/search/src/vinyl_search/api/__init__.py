"""The HTTP door: requests in, views out, and no decisions."""
