"""Goldmine's grades of condition, the standard of the trade."""

import enum


class Grade(enum.StrEnum):
    MINT = "M"
    NEAR_MINT = "NM"
    VERY_GOOD_PLUS = "VG+"
    VERY_GOOD = "VG"
    GOOD_PLUS = "G+"
    GOOD = "G"
    FAIR = "F"
    POOR = "P"

    def is_at_least(self, least: "Grade") -> bool:
        return _BEST_FIRST.index(self) <= _BEST_FIRST.index(least)


_BEST_FIRST = tuple(Grade)
