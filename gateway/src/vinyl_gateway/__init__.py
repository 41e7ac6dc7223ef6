"""The one address of every front end."""
