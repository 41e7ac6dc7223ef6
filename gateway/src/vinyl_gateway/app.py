"""How the gateway is put together; the only file that knows every other."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.types import ASGIApp, Receive, Send

from vinyl_chassis.identity import PublishedKeys, TokenVerifier
from vinyl_chassis.messaging.broker import Broker, end
from vinyl_chassis.problems import EXCEPTION_HANDLERS
from vinyl_gateway import health
from vinyl_gateway.cache import gauges
from vinyl_gateway.cache.kept_answers import KeptAnswers
from vinyl_gateway.cache.news import News
from vinyl_gateway.cache.shared_answers import SharedAnswers
from vinyl_gateway.cache.trust import Trust
from vinyl_gateway.callers import Callers
from vinyl_gateway.cors import Cors
from vinyl_gateway.documentation import routes as documentation
from vinyl_gateway.documentation.public_document import PublicDocument
from vinyl_gateway.event_lag import EventLag
from vinyl_gateway.forwarding.batches import Batches
from vinyl_gateway.forwarding.forwarding import Forwarding
from vinyl_gateway.forwarding.passages import Passages
from vinyl_gateway.front_door import FrontDoor
from vinyl_gateway.identity import Identity
from vinyl_gateway.instant_answers import InstantAnswers
from vinyl_gateway.limits.rate_limits import RateLimits
from vinyl_gateway.limits.shared_store import SharedStore
from vinyl_gateway.overload import shedding as overload
from vinyl_gateway.overload.shedding import Shedding
from vinyl_gateway.pages.gathering import Pages
from vinyl_gateway.public_routes import PUBLIC_ROUTES, PublicRoute, Service
from vinyl_gateway.records import Records
from vinyl_gateway.revocations import Revocations
from vinyl_gateway.route_tree import RouteTree
from vinyl_gateway.service_reading import ServiceReading
from vinyl_gateway.settings import Settings
from vinyl_gateway.site.assets import Assets
from vinyl_gateway.site.web_app import WebApp
from vinyl_gateway.upstream import canary
from vinyl_gateway.upstream.canary import Canary
from vinyl_gateway.upstream.instances import Instances
from vinyl_gateway.upstream.shadow import Shadow

_COUNTS_SECONDS = 2.0
_PAGES = ("health", "metrics", "openapi.json", "docs")


def create_app(settings: Settings, public_routes: Sequence[PublicRoute] = PUBLIC_ROUTES) -> FrontDoor:
    urls = settings.service_urls
    upstreams = {service: Instances(service.value, own) for service, own in urls.items()}
    broker = Broker(settings.nats_url, "vinyl-gateway")
    revocations = Revocations(broker)
    counts = SharedStore(broker) if settings.limits == "on" else None
    services = ServiceReading(urls)
    kept, trust = KeptAnswers(settings.cache_bytes), Trust()
    news = News(Broker(settings.nats_url, "vinyl-gateway-cache", trust.lose), kept, trust)
    canaries, shadows = _canaries(settings), _shadows(settings)
    exporting = bool(settings.otlp_endpoint)
    forwarding = Forwarding(upstreams, settings.answer_seconds, news.spread, canaries, shadows)
    shared = SharedAnswers(forwarding, kept, trust)
    gauges.show(shared, kept)
    canary.show(canaries.values())
    shedding = Shedding()
    overload.show(shedding)
    pages = Litestar(
        route_handlers=[
            health.live,
            health.ready,
            health.overview,
            health.read_metrics,
            documentation.read_openapi,
            documentation.read_page,
            documentation.read_style,
        ],
        dependencies={
            "health": _provide(health.SystemHealth(services, EventLag(broker), canaries.values())),
            "document": _provide(PublicDocument(services, public_routes)),
        },
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
        lifespan=[
            news.following,
            shedding.watching,
            _running(
                services, [*upstreams.values(), *canaries.values(), *shadows.values()], revocations, broker
            ),
            *([_shared(counts)] if counts else []),
        ],
    )
    routes, cors = RouteTree(public_routes), Cors(settings.origins)
    identity = Identity(TokenVerifier(PublishedKeys(settings.jwks_url)), revocations)
    limits = RateLimits(counts) if counts else None
    records = Records(access_log=settings.access_log == "on")
    watched = {*canaries, *shadows}
    passages = None if exporting else Passages(upstreams, settings.answer_seconds, records, watched)
    batches = {each: Batches(each, forwarding, passages) for each in Service} if passages is not None else {}
    return FrontDoor(
        routes=routes,
        identity=identity,
        limits=limits,
        cors=cors,
        forwarding=forwarding,
        shared=shared,
        instant=InstantAnswers(
            callers=Callers(
                routes=routes, identity=identity, limits=limits, passages=passages, batches=batches
            ),
            cors=cors,
            shared=shared,
            forwarding=forwarding,
            passages=passages,
            shedding=shedding,
            records=records,
        ),
        pages=Pages(forwarding, shared),
        shedding=shedding,
        records=records,
        site=_site(pages, WebApp(Assets(Path(settings.web_root) if settings.web_root else None))),
        exporting_spans=exporting,
    )


def _provide(value: object) -> Provide:
    return Provide(lambda: value, sync_to_thread=False)


def _canaries(settings: Settings) -> dict[Service, Canary]:
    return {
        service: Canary(service.value, trial.canary_urls, trial.canary_percent)
        for service, trial in settings.trials.items()
        if trial.canary_urls
    }


def _shadows(settings: Settings) -> dict[Service, Shadow]:
    return {
        service: Shadow(service.value, trial.shadow_url, trial.shadow_percent)
        for service, trial in settings.trials.items()
        if trial.shadow_url
    }


def _running(
    services: ServiceReading,
    upstreams: Sequence[Instances | Canary | Shadow],
    revocations: Revocations,
    broker: Broker,
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        following = asyncio.create_task(revocations.follow())
        async with services:
            yield
        await end(following)
        await broker.close()
        for upstream in upstreams:
            upstream.close()

    return lifespan


def _shared(counts: SharedStore) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """Before the first request comes they are counted together, but for a NATS that is away."""

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        watching = asyncio.create_task(counts.watch())
        await counts.wait_until_present(_COUNTS_SECONDS)
        yield
        await end(watching)

    return lifespan


def _site(pages: Litestar, web_app: WebApp) -> ASGIApp:
    """The framework's routes and its lifespan; the rest of the paths belong to the web app. The door sends no
    body after HEAD."""

    async def site(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await pages(scope, receive, send)
        elif scope["path"].split("/", 2)[1] in _PAGES:
            asked: Any = scope | {"method": "GET"} if scope["method"] == "HEAD" else scope
            await pages(asked, receive, send)
        else:
            await web_app(scope, receive, send)

    return site
