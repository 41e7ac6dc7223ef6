"""What other sources know: their APIs, matching, and which answer to believe."""
