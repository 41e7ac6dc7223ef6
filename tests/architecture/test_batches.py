"""What the gateway asks for in batches, services answer in batches, and the other way round."""

from typing import Any

from vinyl_catalog.api.quick_reads import quick_reads
from vinyl_gateway.public_routes import PUBLIC_ROUTES, Service


def test_the_catalogs_quick_reads_are_the_gateways_batched_routes() -> None:
    nothing: Any = None
    quick = {read.prefix for read in quick_reads(nothing, nothing, nothing, nothing)}
    batched = [route for route in PUBLIC_ROUTES if route.is_batched]
    assert {route.path.removesuffix("{id}") for route in batched} == quick
    assert {(route.service, route.method) for route in batched} == {(Service.CATALOG, "GET")}
    assert all(route.is_alike(signed_in=True) for route in batched)
