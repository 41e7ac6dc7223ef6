"""What is refused here, as sentences."""

from vinyl_contracts.errors import Conflict, NotFound


class SearchNotFound(NotFound):
    code = "search_not_found"

    def __init__(self) -> None:
        super().__init__("You have no saved search with this id.")


class TooManySearches(Conflict):
    code = "too_many_searches"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} saved searches are the most one listener may keep: delete one first.")


class SellerNotFound(NotFound):
    code = "seller_not_found"

    def __init__(self, detail: str = "You follow no seller with this id.") -> None:
        super().__init__(detail)


class TooManySellers(Conflict):
    code = "too_many_sellers"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} sellers are the most one listener may follow: let one go first.")


class AlbumNotFound(NotFound):
    code = "album_not_found"

    def __init__(self) -> None:
        super().__init__("No album has this id.")


class ReleaseNotFound(NotFound):
    code = "release_not_found"

    def __init__(self) -> None:
        super().__init__("No release has this id.")
