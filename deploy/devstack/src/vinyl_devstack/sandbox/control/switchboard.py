"""What a developer or a test may do to the sandbox."""

from datetime import datetime
from textwrap import dedent

from msgspec import Struct

from vinyl_devstack.sandbox.control.refusals import ControlRefused
from vinyl_devstack.sandbox.discogs import accounts
from vinyl_devstack.sandbox.discogs.limits import SlidingWindow
from vinyl_devstack.sandbox.discogs.members import Members
from vinyl_devstack.sandbox.ebay import tokens
from vinyl_devstack.sandbox.ebay.tokens import TokenDesk
from vinyl_devstack.sandbox.faults import Fault, Faults
from vinyl_devstack.sandbox.market.copies import Copy
from vinyl_devstack.sandbox.market.exchange import major, written
from vinyl_devstack.sandbox.market.market import Market
from vinyl_devstack.sandbox.market.shops import Provider, Shop
from vinyl_devstack.sandbox.options import Options

ABOUT = """\
    This is Vinylhound's sandbox: shops that do not exist, selling records of your own catalogue.
    Discogs' API answers under /discogs, eBay's under /ebay, exchange rates under /fx/latest.
    Nothing can be bought here, and nothing leaves this machine.
    POST /sandbox/clock {"advance_seconds": 3600} moves time; PUT /sandbox/faults {"provider": "discogs",
    "mode": "slow", "seconds": 2} makes trouble; POST /sandbox/sales {"listing_id": 1} sells a copy;
    POST /sandbox/refresh reads the catalogue again; POST /sandbox/reset undoes all of that.
"""


class Advance(Struct, frozen=True, forbid_unknown_fields=True):
    advance_seconds: float


class SaleAsked(Struct, frozen=True, forbid_unknown_fields=True):
    listing_id: int


class ClockView(Struct, frozen=True):
    """`speed` is how many times faster than in a real shop copies sell and prices move."""

    now: datetime
    speed: float


class SaleView(Struct, frozen=True):
    listing_id: int
    seller: str
    release_id: int
    price: str
    currency: str


class SellerView(Struct, frozen=True):
    provider: Provider
    username: str
    country: str
    currency: str
    copies_for_sale: int
    stocks_every_album: bool


class CatalogueView(Struct, frozen=True):
    pressings: int
    albums: int


class DiscogsKeys(Struct, frozen=True):
    token: str = accounts.TOKEN
    token_of_somebody_else: str = f"{accounts.TOKEN}:any-username"
    key: str = accounts.KEY
    secret: str = accounts.SECRET


class EbayKeys(Struct, frozen=True):
    key: str = tokens.KEY
    secret: str = tokens.SECRET
    scope: str = tokens.SCOPE


class SandboxView(Struct, frozen=True):
    about: list[str]
    catalogue: CatalogueView
    sellers: list[SellerView]
    discogs: DiscogsKeys
    ebay: EbayKeys
    requests_per_window: int
    window_seconds: float
    clock: ClockView
    faults: list[Fault]
    seed: int


class Switchboard:
    def __init__(
        self,
        options: Options,
        market: Market,
        faults: Faults,
        window: SlidingWindow,
        members: Members,
        desk: TokenDesk,
    ) -> None:
        self._options = options
        self._market = market
        self._faults = faults
        self._window = window
        self._members = members
        self._desk = desk

    def describe(self) -> SandboxView:
        return SandboxView(
            about=dedent(ABOUT).splitlines(),
            catalogue=CatalogueView(
                len(self._market.catalogue.pressings), len(self._market.catalogue.albums)
            ),
            sellers=self._sellers(),
            discogs=DiscogsKeys(),
            ebay=EbayKeys(),
            requests_per_window=self._options.limit,
            window_seconds=self._options.window_seconds,
            clock=self.clock(),
            faults=self._faults.all(),
            seed=self._options.seed,
        )

    def clock(self) -> ClockView:
        return ClockView(self._market.clock.now(), self._market.clock.speed)

    def advance(self, by: Advance) -> ClockView:
        if not 0 <= by.advance_seconds < 10 * 365 * 86_400:
            raise ControlRefused(400, "advance_seconds goes from 0 up to ten years: time only moves on.")
        self._market.clock.advance(by.advance_seconds)
        return self.clock()

    def switch(self, fault: Fault) -> list[Fault]:
        if not 0 <= fault.rate <= 1 or not 0 <= fault.seconds <= 600:
            raise ControlRefused(400, "rate goes from 0 to 1, seconds from 0 to 600.")
        self._faults.switch(fault)
        return self._faults.all()

    def sell(self, asked: SaleAsked) -> SaleView:
        for stock in self._market.stocks.values():
            copy = stock.sell(asked.listing_id)
            if copy:
                return _sale(copy)
        raise ControlRefused(404, "No copy with this listing id is for sale.")

    async def refresh(self) -> SandboxView:
        await self._market.refresh()
        return self.describe()

    def reset(self) -> SandboxView:
        """Clock, sales, faults, limits, tokens, wants and collections as at the start."""
        self._market.clock.reset()
        for stock in self._market.stocks.values():
            stock.forget_sales()
        self._faults.clear()
        self._window.forget()
        self._members.forget()
        self._desk.forget()
        return self.describe()

    def _sellers(self) -> list[SellerView]:
        return [
            _seller(shop, len(stock.in_shop(shop)))
            for stock in self._market.stocks.values()
            for shop in stock.shops.values()
        ]


def _seller(shop: Shop, copies: int) -> SellerView:
    return SellerView(
        shop.provider, shop.username, shop.country, shop.currency, copies, shop.stocks_every_album
    )


def _sale(copy: Copy) -> SaleView:
    currency = copy.shop.currency
    price = written(major(copy.price_minor, currency), currency)
    return SaleView(copy.id, copy.shop.username, copy.pressing.id, price, currency)
