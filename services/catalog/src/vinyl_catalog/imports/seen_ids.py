"""Which ids a file has had so far, in little and bounded memory."""

_BITS = 1 << 27
_MOST_OTHERS = 100_000


class SeenIds:
    """A bit for each id up to 134 million, which is 16 MiB at most. Of larger ids, which Discogs is far from,
    only the first 100,000 are remembered."""

    def __init__(self) -> None:
        self._bits = bytearray()
        self._others: set[int] = set()

    def add(self, number: int) -> bool:
        """False where it was there."""
        if number >= _BITS:
            return self._add_other(number)
        place, bit = number >> 3, 1 << (number & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 4096 - len(self._bits)))
        if self._bits[place] & bit:
            return False
        self._bits[place] |= bit
        return True

    def __contains__(self, number: int) -> bool:
        """True also for one that may have been forgotten."""
        if number >= _BITS:
            return number in self._others or len(self._others) >= _MOST_OTHERS
        place = number >> 3
        return place < len(self._bits) and bool(self._bits[place] & 1 << (number & 7))

    def _add_other(self, number: int) -> bool:
        if number in self._others:
            return False
        if len(self._others) < _MOST_OTHERS:
            self._others.add(number)
        return True
