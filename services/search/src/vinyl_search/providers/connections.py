"""The markets as this instance is set to reach them. Making a connection opens nothing."""

import httpx
import msgspec

from vinyl_search.domain.provider import Provider
from vinyl_search.domain.request_budget import Allowance
from vinyl_search.providers import discogs, ebay
from vinyl_search.providers.budget import Budget
from vinyl_search.providers.discogs import Discogs
from vinyl_search.providers.ebay import Ebay
from vinyl_search.providers.ebay_token import EbayToken
from vinyl_search.providers.transport import Transport
from vinyl_search.store.unit_of_work import Store

_TIMEOUT = httpx.Timeout(10.0, connect=5.0)


class DiscogsConnection(msgspec.Struct, frozen=True):
    client: httpx.AsyncClient
    budget: Budget
    discogs: Discogs


class EbayConnection(msgspec.Struct, frozen=True):
    client: httpx.AsyncClient
    budget: Budget
    ebay: Ebay


def discogs_allowance(token: str) -> Allowance:
    return discogs.WITH_TOKEN if token else discogs.WITHOUT_TOKEN


def connect_discogs(store: Store, url: str, token: str, user_agent: str) -> DiscogsConnection:
    headers = discogs.request_headers(token, user_agent)
    client = httpx.AsyncClient(base_url=url, headers=headers, timeout=_TIMEOUT)
    budget = Budget(store, Provider.DISCOGS, discogs_allowance(token))
    transport = Transport(client, budget, discogs.LIMIT_HEADER, discogs.REMAINING_HEADER)
    return DiscogsConnection(client, budget, Discogs(transport))


def connect_ebay(store: Store, url: str, key: str, secret: str, marketplace: str) -> EbayConnection:
    client = httpx.AsyncClient(base_url=url, timeout=_TIMEOUT)
    budget = Budget(store, Provider.EBAY, ebay.A_DAY)
    token = EbayToken(client, key, secret)
    return EbayConnection(client, budget, Ebay(Transport(client, budget), token, marketplace))
