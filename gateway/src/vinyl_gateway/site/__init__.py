"""What a browser gets: the built web app, and the headers that fence it in."""
