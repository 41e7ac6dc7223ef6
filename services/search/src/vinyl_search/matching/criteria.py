"""Whether a listing is what a search asks for."""

from vinyl_contracts.grades import Grade
from vinyl_search.domain.listing import FoundListing, Match
from vinyl_search.domain.saved_search import Criteria
from vinyl_search.domain.wishes import Want, Wishes
from vinyl_search.matching.words import words


def asks_for(criteria: Criteria, found: FoundListing, match: Match) -> bool:
    """Everything but wants and prices."""
    return (
        found.provider in criteria.providers
        and (criteria.album_ids is None or match.album_id in criteria.album_ids)
        and (criteria.seller_countries is None or found.ships_from in criteria.seller_countries)
        and is_graded(found.media_condition, criteria.min_media_condition)
        and is_graded(found.sleeve_condition, criteria.min_sleeve_condition)
        and (criteria.query is None or _has_words(found, criteria.query))
    )


def answered_wants(wishes: Wishes, found: FoundListing, match: Match) -> list[Want]:
    """The wants that this copy is good enough for; what each may cost is left to look at."""
    return [
        want
        for want in wishes.wants_for(match, found)
        if is_graded(found.media_condition, want.min_media_condition)
    ]


def is_graded(grade: Grade | None, least: Grade | None) -> bool:
    """An ungraded copy is not good enough where a least grade is asked for."""
    return least is None or (grade is not None and grade.is_at_least(least))


def _has_words(found: FoundListing, query: str) -> bool:
    text = " ".join(part for part in (found.artist, found.album_title, found.title) if part)
    return set(words(query)) <= set(words(text))
