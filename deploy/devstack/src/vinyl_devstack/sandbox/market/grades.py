"""Goldmine grades in Discogs' words."""

from vinyl_devstack.sandbox.market.chance import weighted

MEDIA = (
    "Mint (M)",
    "Near Mint (NM or M-)",
    "Very Good Plus (VG+)",
    "Very Good (VG)",
    "Good Plus (G+)",
    "Good (G)",
    "Fair (F)",
    "Poor (P)",
)
HOW_OFTEN = tuple(zip(MEDIA, (6, 24, 36, 20, 7, 4, 2, 1), strict=True))
WORTH = dict(zip(MEDIA, (1.35, 1.0, 0.72, 0.45, 0.28, 0.18, 0.1, 0.06), strict=True))
SLEEVE_STEP = ((0, 55), (1, 28), (-1, 12), (2, 5))


def media_grade(*parts: object) -> str:
    return weighted(HOW_OFTEN, *parts, "media")


def sleeve_grade(media: str, *parts: object) -> str:
    """Close to the record's own, now and then not a grade at all."""
    if weighted(((True, 8), (False, 92)), *parts, "ungraded"):
        return weighted((("Generic", 5), ("Not Graded", 2), ("No Cover", 1)), *parts, "which")
    place = MEDIA.index(media) + weighted(SLEEVE_STEP, *parts, "sleeve")
    return MEDIA[max(0, min(place, len(MEDIA) - 1))]


def short(grade: str) -> str:
    """The letters in the brackets: `VG+`; an ungraded sleeve keeps its word."""
    return grade.partition("(")[2].partition(" or")[0].rstrip(")") or grade
