"""Pure rules and values: albums, artists, labels, releases, songs, and how a source words them."""
