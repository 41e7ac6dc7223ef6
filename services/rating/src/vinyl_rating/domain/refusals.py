"""What is refused here, as sentences."""

from vinyl_contracts.errors import Forbidden, NotFound


class AlbumNotFound(NotFound):
    code = "album_not_found"

    def __init__(self) -> None:
        super().__init__("No album has this id.")


class RatingNotFound(NotFound):
    code = "rating_not_found"

    def __init__(self) -> None:
        super().__init__("No rating has this id.")


class NotYourRating(Forbidden):
    code = "not_your_rating"

    def __init__(self) -> None:
        super().__init__("Only the listener who gave a rating may change it.")
