"""What is refused here, as sentences."""

from vinyl_contracts.errors import NotFound


class AlbumNotFound(NotFound):
    code = "album_not_found"

    def __init__(self) -> None:
        super().__init__("No album has this id.")


class ReleaseNotFound(NotFound):
    code = "release_not_found"

    def __init__(self) -> None:
        super().__init__("No release has this id.")


class ArtistNotFound(NotFound):
    code = "artist_not_found"

    def __init__(self) -> None:
        super().__init__("No artist has this id.")


class LabelNotFound(NotFound):
    code = "label_not_found"

    def __init__(self) -> None:
        super().__init__("No label has this id.")


class SongNotFound(NotFound):
    code = "song_not_found"

    def __init__(self) -> None:
        super().__init__("No song has this id.")


class ImportNotFound(NotFound):
    code = "import_not_found"

    def __init__(self) -> None:
        super().__init__("No import has this id.")
