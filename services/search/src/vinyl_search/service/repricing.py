"""Results of other searches whose listing was just seen at another price."""

from collections.abc import Sequence

from vinyl_chassis.clock import now
from vinyl_contracts.ids import ListingId
from vinyl_search.service.judgement import judgement_of
from vinyl_search.store.retention import MARKET_LIFE
from vinyl_search.store.unit_of_work import UnitOfWork


async def reprice(unit: UnitOfWork, changed: Sequence[ListingId]) -> None:
    """They are judged again, so that no result shows one price and reckons with another."""
    if not changed:
        return
    for (search_id, run_id), listing_ids in (await unit.results.runs_showing(changed)).items():
        search = await unit.searches.find(search_id)
        if search is None:
            continue
        judgement = await judgement_of(unit, search.listener_id, search.criteria)
        listings = await unit.listings.list_by_ids(listing_ids, now() - MARKET_LIFE)
        accepted = judgement.accept(listings)
        await unit.results.save_all(search_id, run_id, accepted)
        kept = {listing_id for listing_id, _ in accepted}
        await unit.results.remove(search_id, [each for each in listing_ids if each not in kept])
