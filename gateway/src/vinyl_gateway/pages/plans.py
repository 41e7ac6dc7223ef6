"""Which parts a page has, and whose they are."""

import msgspec

from vinyl_gateway.public_routes import BASE_PATH, Service


class Part(msgspec.Struct, frozen=True):
    """The answer of a `service` to `path` and `query`, in which braces name variables of the page's own path,
    and `{me}` who asks.

    Without its main part there is no page; any other may be missing after `seconds`. One that `is_mine` is
    only for who is signed in.
    """

    name: str
    service: Service
    path: str
    query: dict[str, str] = {}
    is_main: bool = False
    is_mine: bool = False
    seconds: float = 1.0


PAGES: dict[str, tuple[Part, ...]] = {
    f"{BASE_PATH}/pages/album/{{id}}": (
        Part("album", Service.CATALOG, "/albums/{id}", is_main=True, seconds=5.0),
        Part("releases", Service.CATALOG, "/albums/{id}/releases", {"limit": "20"}),
        Part("rating", Service.RATING, "/ratings/summary", {"album_id": "{id}"}),
        Part("ratings", Service.RATING, "/ratings", {"album_id": "{id}", "limit": "10"}),
        Part("products", Service.CATALOG, "/products", {"album_id": "{id}", "limit": "10"}),
        Part("my_rating", Service.RATING, "/ratings", {"album_id": "{id}", "user": "{me}"}, is_mine=True),
        Part("my_copies", Service.USER, "/collection", {"album_id": "{id}"}, is_mine=True),
        Part("my_wants", Service.USER, "/wants", {"album_id": "{id}"}, is_mine=True),
    ),
    f"{BASE_PATH}/pages/home": (
        Part("newest", Service.CATALOG, "/albums", {"sort": "newest", "limit": "12"}),
        Part("top", Service.CATALOG, "/albums", {"sort": "top", "limit": "12"}),
        Part("genres", Service.CATALOG, "/genres"),
        Part("categories", Service.CATALOG, "/categories"),
        Part("showcase", Service.CATALOG, "/products", {"sort": "hot", "limit": "12"}),
        Part("ratings", Service.RATING, "/ratings", {"limit": "10"}),
        Part("my_profile", Service.USER, "/users/profile", is_mine=True),
        Part("my_searches", Service.SEARCH, "/searches", {"limit": "20"}, is_mine=True),
    ),
    f"{BASE_PATH}/pages/profile/{{username}}": (
        Part("profile", Service.USER, "/users/{username}", is_main=True, seconds=5.0),
        Part("ratings", Service.RATING, "/ratings", {"user": "{username}", "limit": "20"}),
        Part("showcase", Service.CATALOG, "/products", {"user": "{username}", "limit": "20"}),
    ),
}
