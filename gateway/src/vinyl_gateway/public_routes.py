"""The whole public surface: what is not in this table does not exist outside."""

import enum
import re
from datetime import datetime
from email.utils import format_datetime

import msgspec

from vinyl_chassis.identity import scope_of
from vinyl_contracts.claims import Role, TokenScope

BASE_PATH = "/api/v1"
JSON_LIMIT = 1024 * 1024
# A picture of 10 MB, and the form around it.
UPLOAD_LIMIT = 10 * 1024 * 1024 + 64 * 1024
_VERSION = re.compile(r"/api/v(\d+)/")


class Service(enum.StrEnum):
    USER = "user"
    CATALOG = "catalog"
    RATING = "rating"
    SEARCH = "search"


class Access(enum.Enum):
    PUBLIC = "public"
    SIGNED_IN = "signed_in"


class RouteClass(enum.StrEnum):
    """Routes that share one allowance of requests."""

    READ = "read"
    WRITE = "write"
    SIGN_IN = "sign_in"
    REFRESH = "refresh"


class Alike(enum.Enum):
    """Whose answers of a route are the same. Lists are not for who is signed in: a cursor is its reader's."""

    NOBODYS = "nobodys"
    SIGNED_OUT = "signed_out"
    EVERYBODYS = "everybodys"


class Retirement(msgspec.Struct, frozen=True):
    """Since when clients should use something else (RFC 9745), and from when on it may be gone (RFC 8594).
    Both in UTC."""

    deprecated_at: datetime
    gone_at: datetime

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return [
            (b"deprecation", b"@%d" % self.deprecated_at.timestamp()),
            (b"sunset", format_datetime(self.gone_at, usegmt=True).encode()),
        ]


class PublicRoute(msgspec.Struct, frozen=True):
    """`path` names its variable segments in braces; `body_limit` is in bytes, 0 where no body is taken.

    `role`, where there is one, is needed besides being signed in. `scope` is what a token with scopes has to
    have; None where it does not do and a person has to have signed in. A page is put together here, out of
    answers of several services; `service` is whose its main part is. Of what `is_batched` the service answers
    several in one request.
    """

    method: str
    path: str
    service: Service
    access: Access
    route_class: RouteClass
    body_limit: int
    role: Role | None = None
    scope: TokenScope | None = None
    is_page: bool = False
    alike: Alike = Alike.NOBODYS
    is_batched: bool = False
    retirement: Retirement | None = None

    @property
    def version(self) -> int:
        """Of the API, 1 where the path does not say."""
        said = _VERSION.match(self.path)
        return int(said[1]) if said else 1

    def is_alike(self, *, signed_in: bool) -> bool:
        """Whether one answer may do for all who ask like this."""
        return self.alike is Alike.EVERYBODYS or (self.alike is Alike.SIGNED_OUT and not signed_in)


def _route(
    method: str,
    path: str,
    service: Service,
    access: Access,
    *,
    role: Role | None = None,
    in_person: bool = False,
    body_limit: int = JSON_LIMIT,
    base: str = BASE_PATH,
) -> PublicRoute:
    reads = method == "GET"
    route_class = RouteClass.READ if reads else RouteClass.WRITE
    return PublicRoute(
        method=method,
        path=base + path,
        service=service,
        access=access,
        route_class=route_class,
        body_limit=0 if reads else body_limit,
        role=role,
        scope=None if in_person else scope_of(method),
    )


def _same(path: str, service: Service) -> PublicRoute:
    return msgspec.structs.replace(_route("GET", path, service, Access.PUBLIC), alike=Alike.EVERYBODYS)


def _record(path: str, service: Service) -> PublicRoute:
    return msgspec.structs.replace(_same(path, service), is_batched=True)


def _list(path: str, service: Service) -> PublicRoute:
    return msgspec.structs.replace(_route("GET", path, service, Access.PUBLIC), alike=Alike.SIGNED_OUT)


def _sign_in(path: str, route_class: RouteClass = RouteClass.SIGN_IN) -> PublicRoute:
    route = _route("POST", path, Service.USER, Access.PUBLIC, in_person=True)
    return msgspec.structs.replace(route, route_class=route_class)


_USER = (
    _sign_in("/auth/signup"),
    _sign_in("/auth/login"),
    _sign_in("/auth/refresh", RouteClass.REFRESH),
    _route("POST", "/auth/logout", Service.USER, Access.SIGNED_IN, in_person=True),
    _route("GET", "/auth/sessions", Service.USER, Access.SIGNED_IN, in_person=True),
    _route("DELETE", "/auth/sessions/{id}", Service.USER, Access.SIGNED_IN, in_person=True),
    _route("PUT", "/auth/password", Service.USER, Access.SIGNED_IN, in_person=True),
    _route("GET", "/.well-known/jwks.json", Service.USER, Access.PUBLIC, base=""),
    _route("GET", "/users/profile", Service.USER, Access.SIGNED_IN),
    _route("PATCH", "/users/profile", Service.USER, Access.SIGNED_IN),
    _route("GET", "/users/content", Service.USER, Access.SIGNED_IN),
    _route("PUT", "/users/content", Service.USER, Access.SIGNED_IN),
    _route("GET", "/users/{username}", Service.USER, Access.PUBLIC),
    _route("GET", "/collection", Service.USER, Access.SIGNED_IN),
    _route("POST", "/collection", Service.USER, Access.SIGNED_IN),
    _route("GET", "/collection/{id}", Service.USER, Access.SIGNED_IN),
    _route("PATCH", "/collection/{id}", Service.USER, Access.SIGNED_IN),
    _route("DELETE", "/collection/{id}", Service.USER, Access.SIGNED_IN),
    _route("GET", "/wants", Service.USER, Access.SIGNED_IN),
    _route("POST", "/wants", Service.USER, Access.SIGNED_IN),
    _route("GET", "/wants/{id}", Service.USER, Access.SIGNED_IN),
    _route("PATCH", "/wants/{id}", Service.USER, Access.SIGNED_IN),
    _route("DELETE", "/wants/{id}", Service.USER, Access.SIGNED_IN),
    _route("POST", "/wants/{id}/acquire", Service.USER, Access.SIGNED_IN),
)

_CATALOG = (
    _list("/albums", Service.CATALOG),
    _record("/albums/{id}", Service.CATALOG),
    _list("/albums/{id}/releases", Service.CATALOG),
    _list("/releases", Service.CATALOG),
    _record("/releases/{id}", Service.CATALOG),
    _list("/artists", Service.CATALOG),
    _record("/artists/{id}", Service.CATALOG),
    _list("/artists/{id}/albums", Service.CATALOG),
    _list("/songs", Service.CATALOG),
    _record("/songs/{id}", Service.CATALOG),
    _list("/genres", Service.CATALOG),
    _list("/labels", Service.CATALOG),
    _record("/labels/{id}", Service.CATALOG),
    _route("GET", "/search", Service.CATALOG, Access.PUBLIC),
    _route("GET", "/search/suggest", Service.CATALOG, Access.PUBLIC),
    _list("/categories", Service.CATALOG),
    _route("POST", "/categories", Service.CATALOG, Access.SIGNED_IN, role=Role.CURATOR),
    _same("/categories/{slug}", Service.CATALOG),
    _route("PATCH", "/categories/{slug}", Service.CATALOG, Access.SIGNED_IN, role=Role.CURATOR),
    _route("DELETE", "/categories/{slug}", Service.CATALOG, Access.SIGNED_IN, role=Role.CURATOR),
    _route("GET", "/categories/{slug}/products", Service.CATALOG, Access.PUBLIC),
    _route("GET", "/products", Service.CATALOG, Access.PUBLIC),
    _route("POST", "/products", Service.CATALOG, Access.SIGNED_IN),
    _route("GET", "/products/{id}", Service.CATALOG, Access.PUBLIC),
    _route("PATCH", "/products/{id}", Service.CATALOG, Access.SIGNED_IN),
    _route("DELETE", "/products/{id}", Service.CATALOG, Access.SIGNED_IN),
    _route("POST", "/media", Service.CATALOG, Access.SIGNED_IN, body_limit=UPLOAD_LIMIT),
    _route("GET", "/media/{id}/{variant}", Service.CATALOG, Access.PUBLIC),
    _route("DELETE", "/media/{id}", Service.CATALOG, Access.SIGNED_IN),
    *(
        _route(method, path, Service.CATALOG, Access.SIGNED_IN, role=Role.CURATOR)
        for method, path in (
            ("POST", "/albums"),
            ("PUT", "/albums/{id}"),
            ("PATCH", "/albums/{id}"),
            ("DELETE", "/albums/{id}"),
            ("POST", "/albums/{id}/merge"),
            ("GET", "/albums/{id}/revisions"),
            ("POST", "/albums/{id}/revisions/{number}/undo"),
            ("GET", "/albums/{id}/sources"),
            ("POST", "/artists"),
            ("PUT", "/artists/{id}"),
            ("PATCH", "/artists/{id}"),
            ("DELETE", "/artists/{id}"),
            ("POST", "/artists/{id}/merge"),
            ("GET", "/artists/{id}/revisions"),
            ("POST", "/artists/{id}/revisions/{number}/undo"),
            ("GET", "/artists/{id}/sources"),
            ("POST", "/songs"),
            ("PUT", "/songs/{id}"),
            ("PATCH", "/songs/{id}"),
            ("DELETE", "/songs/{id}"),
            ("GET", "/admin/enrichment"),
            ("GET", "/admin/enrichment/doubts"),
            ("GET", "/admin/enrichment/skips"),
            ("GET", "/albums/{id}/enrichment"),
            ("PUT", "/albums/{id}/enrichment"),
            ("POST", "/albums/{id}/enrichment/refresh"),
            ("PUT", "/albums/{id}/enrichment/skip"),
            ("DELETE", "/albums/{id}/enrichment/skip"),
            ("GET", "/artists/{id}/enrichment"),
            ("PUT", "/artists/{id}/enrichment"),
            ("POST", "/artists/{id}/enrichment/refresh"),
            ("PUT", "/artists/{id}/enrichment/skip"),
            ("DELETE", "/artists/{id}/enrichment/skip"),
        )
    ),
    _route("GET", "/admin/imports", Service.CATALOG, Access.SIGNED_IN, role=Role.ADMIN),
    _route("POST", "/admin/imports", Service.CATALOG, Access.SIGNED_IN, role=Role.ADMIN),
    _route("GET", "/admin/imports/{id}", Service.CATALOG, Access.SIGNED_IN, role=Role.ADMIN),
)

_RATING = (
    _list("/ratings", Service.RATING),
    _route("POST", "/ratings", Service.RATING, Access.SIGNED_IN),
    _same("/ratings/summary", Service.RATING),
    _route("GET", "/ratings/{id}", Service.RATING, Access.PUBLIC),
    _route("PUT", "/ratings/{id}", Service.RATING, Access.SIGNED_IN),
    _route("DELETE", "/ratings/{id}", Service.RATING, Access.SIGNED_IN),
)

_SEARCH = (
    _route("GET", "/searches", Service.SEARCH, Access.SIGNED_IN),
    _route("POST", "/searches", Service.SEARCH, Access.SIGNED_IN),
    _route("GET", "/searches/{id}", Service.SEARCH, Access.SIGNED_IN),
    _route("PUT", "/searches/{id}", Service.SEARCH, Access.SIGNED_IN),
    _route("PATCH", "/searches/{id}", Service.SEARCH, Access.SIGNED_IN),
    _route("DELETE", "/searches/{id}", Service.SEARCH, Access.SIGNED_IN),
    _route("POST", "/searches/{id}/run", Service.SEARCH, Access.SIGNED_IN),
    _route("GET", "/searches/{id}/runs", Service.SEARCH, Access.SIGNED_IN),
    _route("GET", "/searches/{id}/results", Service.SEARCH, Access.SIGNED_IN),
    _route("GET", "/sellers", Service.SEARCH, Access.SIGNED_IN),
    _route("POST", "/sellers", Service.SEARCH, Access.SIGNED_IN),
    _route("GET", "/sellers/{id}", Service.SEARCH, Access.SIGNED_IN),
    _route("DELETE", "/sellers/{id}", Service.SEARCH, Access.SIGNED_IN),
    _route("GET", "/sellers/{id}/matches", Service.SEARCH, Access.SIGNED_IN),
    _route("GET", "/offers", Service.SEARCH, Access.SIGNED_IN),
    _route("GET", "/providers", Service.SEARCH, Access.SIGNED_IN),
)

_PAGES = tuple(
    msgspec.structs.replace(_route("GET", f"/pages/{path}", service, Access.PUBLIC), is_page=True)
    for path, service in (
        ("album/{id}", Service.CATALOG),
        ("home", Service.CATALOG),
        ("profile/{username}", Service.USER),
    )
)

PUBLIC_ROUTES: tuple[PublicRoute, ...] = _USER + _CATALOG + _RATING + _SEARCH + _PAGES
