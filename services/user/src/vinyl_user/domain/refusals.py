"""What this service refuses, in sentences."""

from vinyl_contracts.errors import Conflict, Forbidden, Invalid, NotFound, Throttled, Unauthenticated


class UsernameTaken(Conflict):
    code = "username_taken"


class EmailTaken(Conflict):
    code = "email_taken"


class BadCredentials(Unauthenticated):
    """The same words for a wrong password and for an account that does not exist."""

    code = "bad_credentials"

    def __init__(self) -> None:
        super().__init__("The login or the password is wrong.")


class WrongPassword(Forbidden):
    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__("The current password is wrong.")


class TooManyFailures(Throttled):
    code = "too_many_failures"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("Too many wrong passwords: wait before you try again.", retry_after_seconds)


class RefreshTokenRefused(Unauthenticated):
    code = "refresh_token_refused"

    def __init__(self) -> None:
        super().__init__("This refresh token is unknown, spent or revoked: sign in again.")


class SessionNotFound(NotFound):
    code = "session_not_found"

    def __init__(self) -> None:
        super().__init__("You have no such session.")


class UserNotFound(NotFound):
    code = "user_not_found"

    def __init__(self) -> None:
        super().__init__("There is no public profile of that name.")


class AlbumNotFound(NotFound):
    code = "album_not_found"

    def __init__(self) -> None:
        super().__init__("No such album is in the catalogue.")


class ReleaseNotFound(NotFound):
    code = "release_not_found"

    def __init__(self) -> None:
        super().__init__("No such release is in the catalogue.")


class ReleaseOfAnotherAlbum(Invalid):
    def __init__(self) -> None:
        detail = "belongs to another album than album_id"
        super().__init__(f"release_id: {detail}", Invalid.field("release_id", detail).errors)


class CollectionItemNotFound(NotFound):
    code = "collection_item_not_found"

    def __init__(self) -> None:
        super().__init__("You have no such collection item.")


class WantNotFound(NotFound):
    code = "want_not_found"

    def __init__(self) -> None:
        super().__init__("You have no such want.")
