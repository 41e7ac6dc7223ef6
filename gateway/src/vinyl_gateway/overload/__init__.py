"""What the gateway refuses when it is itself out of processor."""
