"""Albums, artists, songs, releases, labels and genres."""
