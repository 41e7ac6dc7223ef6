"""Discogs' numbered pages."""

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar
from urllib.parse import urlencode

from msgspec import UNSET, Struct, UnsetType

from vinyl_devstack.sandbox.discogs.refusals import DiscogsFieldRefused, DiscogsRefused

MOST_PER_PAGE = 100
Row = TypeVar("Row")


class PageUrls(Struct, frozen=True):
    first: str | UnsetType = UNSET
    prev: str | UnsetType = UNSET
    next: str | UnsetType = UNSET
    last: str | UnsetType = UNSET


class Pagination(Struct, frozen=True):
    page: int
    pages: int
    per_page: int
    items: int
    urls: PageUrls


class PageAsked(Struct, frozen=True):
    """`address` and `query` are those of the request, to name the neighbours with."""

    number: int
    per_page: int
    address: str
    query: Mapping[str, str]

    @classmethod
    def of(cls, address: str, query: Mapping[str, str]) -> "PageAsked":
        number, per_page = _whole(query, "page", 1), _whole(query, "per_page", 50)
        return cls(number, min(per_page, MOST_PER_PAGE), address, query)

    def cut(self, rows: Sequence[Row]) -> "Page[Row]":
        pages = max(1, -(-len(rows) // self.per_page))
        if self.number > pages:
            raise DiscogsRefused(404, f"Page {self.number} is outside of the valid range (1 to {pages}).")
        start = (self.number - 1) * self.per_page
        urls = PageUrls(
            first=self._url(1) if self.number > 1 else UNSET,
            prev=self._url(self.number - 1) if self.number > 1 else UNSET,
            next=self._url(self.number + 1) if self.number < pages else UNSET,
            last=self._url(pages) if self.number < pages else UNSET,
        )
        about = Pagination(self.number, pages, self.per_page, len(rows), urls)
        return Page(about, rows[start : start + self.per_page])

    def _url(self, number: int) -> str:
        secrets = {"token", "key", "secret"}
        kept = {name: value for name, value in self.query.items() if name not in secrets}
        return f"{self.address}?{urlencode({**kept, 'per_page': self.per_page, 'page': number})}"


class Page(Struct, Generic[Row], frozen=True):
    pagination: Pagination
    rows: Sequence[Row]


def _whole(query: Mapping[str, str], field: str, otherwise: int) -> int:
    text = query.get(field, str(otherwise))
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise DiscogsFieldRefused("query", field, "value is not a positive integer")
    return int(text)
