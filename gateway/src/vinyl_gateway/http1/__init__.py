"""HTTP/1.1 as clients speak it: what could be read in two ways is refused before anybody acts on it."""
