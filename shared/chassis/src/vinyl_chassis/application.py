"""What every service's application has before its own routes."""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import MappingProxyType
from typing import Any

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from vinyl_chassis import documentation
from vinyl_chassis.change_telling import telling_changes
from vinyl_chassis.database import Database
from vinyl_chassis.deadlines import keeping_deadlines
from vinyl_chassis.health import Check, Health, health_routes, queue_routes
from vinyl_chassis.idempotency import IdempotencyMiddleware
from vinyl_chassis.identity import IdentityMiddleware, TokenVerifier, provide_listener, refuse_strangers
from vinyl_chassis.observation import observe
from vinyl_chassis.problems import EXCEPTION_HANDLERS
from vinyl_chassis.quick_door import QuickDoor
from vinyl_chassis.quick_reads import QuickRead, QuickReads, answering
from vinyl_chassis.requests import MOST_JSON_BYTES, StrictRequest, refuse_loose_parameters
from vinyl_chassis.versions import NotModifiedMiddleware, provide_expected_version

Exchange = Coroutine[None, None, None]
Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


class Application(Litestar):
    """A service's, whose quick reads are answered before anything else looks at them."""

    at_once: Callable[[Any, Any, Any], Exchange | None]

    def __call__(self, scope: Any, receive: Any, send: Any) -> Exchange:
        return self.at_once(scope, receive, send) or super().__call__(scope, receive, send)


def build(
    service: str,
    *,
    version: str,
    routes: Sequence[ControllerRouterHandler],
    database: Database,
    verifier: TokenVerifier,
    dependencies: Mapping[str, Any],
    unversioned_routes: Sequence[ControllerRouterHandler] = (),
    lifespan: Sequence[Lifespan] = (),
    quick_reads: Sequence[QuickRead] = (),
    checks: Mapping[str, Check] = MappingProxyType({}),
) -> Application:
    """`routes` are served under /api/v1; `dependencies` are what handlers ask for by name; `checks` are
    what has to be usable, beside the database, for the service to be ready."""
    app = Application(
        route_handlers=[
            Router("/api/v1", route_handlers=list(routes)),
            *unversioned_routes,
            health_routes(Health({"database": database.ping, **checks})),
            queue_routes(database),
            documentation.read_openapi,
        ],
        dependencies={
            **{name: _provide(value) for name, value in dependencies.items()},
            "listener": Provide(provide_listener, sync_to_thread=False),
            "expected": Provide(provide_expected_version, sync_to_thread=False),
        },
        middleware=[IdentityMiddleware(verifier), NotModifiedMiddleware(), IdempotencyMiddleware(database)],
        guards=[refuse_strangers],
        exception_handlers=EXCEPTION_HANDLERS,
        before_request=refuse_loose_parameters,
        request_class=StrictRequest,
        request_max_body_size=MOST_JSON_BYTES,
        openapi_config=documentation.configuration(service, version),
        lifespan=[_closing(database), *lifespan],
        logging_config=None,
        debug=False,
    )
    reads = QuickReads(quick_reads, verifier)
    answered = answering(telling_changes(app.asgi_handler), reads)
    app.asgi_handler = observe(keeping_deadlines(answered))
    app.at_once = QuickDoor(super(Application, app).__call__, reads).at_once
    return app


def _provide(value: Any) -> Provide:
    return Provide(lambda: value, sync_to_thread=False)


def _closing(database: Database) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        yield
        await database.close()

    return lifespan
