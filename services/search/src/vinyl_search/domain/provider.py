"""The markets that a search can look at."""

import enum


class Provider(enum.StrEnum):
    DISCOGS = "discogs"
    EBAY = "ebay"
    COMMUNITY = "community"


SHOWN_APART = frozenset({Provider.EBAY})
"""Markets whose terms forbid to show their listings among those of others."""


class Urgency(enum.StrEnum):
    """Who waits for an answer: a person comes before the schedule."""

    PERSON = "person"
    SCHEDULE = "schedule"
