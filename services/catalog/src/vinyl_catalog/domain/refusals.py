"""What is refused here, as sentences."""

from vinyl_contracts.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Unavailable


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


class MediaNotFound(NotFound):
    code = "media_not_found"

    def __init__(self) -> None:
        super().__init__("No picture has this id.")


class InvalidImage(Invalid):
    """`reason` goes on from "The picture …"."""

    code = "invalid_image"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The picture {reason}.", [FieldError("file", reason)])


class TooManyPictures(Conflict):
    code = "too_many_pictures"

    def __init__(self) -> None:
        super().__init__("You have as many pictures as one may have: remove some first.")


class OnSkipList(Conflict):
    code = "on_skip_list"

    def __init__(self) -> None:
        super().__init__("It is on the skip list: take it off before its sources are asked.")


class RevisionNotFound(NotFound):
    code = "revision_not_found"

    def __init__(self) -> None:
        super().__init__("No revision has this number.")


class RevisionOvertaken(Conflict):
    code = "revision_overtaken"

    def __init__(self) -> None:
        super().__init__("The same was changed again since: undo the later revision first.")


class NothingToUndo(Conflict):
    code = "nothing_to_undo"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)


class SearchNotReady(Unavailable):
    code = "search_not_ready"

    def __init__(self) -> None:
        super().__init__("The search index is being built; try again in a moment.")


class PictureInUse(Conflict):
    code = "picture_in_use"

    def __init__(self) -> None:
        super().__init__("A product of yours, or your profile, shows this picture: take it out there first.")


class ProductNotFound(NotFound):
    code = "product_not_found"

    def __init__(self) -> None:
        super().__init__("No product has this id.")


class NotYourProduct(Forbidden):
    code = "not_your_product"

    def __init__(self) -> None:
        super().__init__("Only who shows a product may change it.")


class CategoryNotFound(NotFound):
    code = "category_not_found"

    def __init__(self) -> None:
        super().__init__("No category has this slug.")


class CategoryExists(Conflict):
    code = "category_exists"

    def __init__(self) -> None:
        super().__init__("Another category has this slug.")


class CollectionItemNotFound(NotFound):
    code = "collection_item_not_found"

    def __init__(self) -> None:
        super().__init__("No copy in your collection has this id.")


class ReleaseOfAnotherAlbum(Invalid):
    def __init__(self) -> None:
        detail = "is a pressing of another album"
        super().__init__(f"release_id: {detail}", [FieldError("release_id", detail)])
