"""Asking a market over HTTP: in turn, in time, within bounds, and again where that may help."""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import TypeVar

import httpx
import msgspec

from vinyl_search.domain.provider import Urgency
from vinyl_search.providers.budget import Budget
from vinyl_search.providers.faults import (
    BadAnswer,
    NoSuchThing,
    ProviderFault,
    RateLimited,
    Refused,
    Unreachable,
)

AnswerT = TypeVar("AnswerT")
MOST_BYTES = 8 * 1024 * 1024


class Patience(msgspec.Struct, frozen=True):
    """`turn_seconds` for a place in the budget, `answer_seconds` for a whole answer, `attempts` in all."""

    turn_seconds: float
    answer_seconds: float = 15.0
    attempts: int = 3
    pause_seconds: float = 0.5


RUN_PATIENCE = Patience(turn_seconds=180.0)
PERSON_PATIENCE = Patience(turn_seconds=2.0, answer_seconds=3.0, attempts=1)


class Call(msgspec.Struct, frozen=True):
    """Who asks, how long they wait, and how many requests it took them so far."""

    urgency: Urgency
    patience: Patience
    count: Callable[[], None] = lambda: None


class Answer(msgspec.Struct, frozen=True):
    status: int
    headers: httpx.Headers
    body: bytes


class Transport:
    """`limit_header` and `remaining_header` are where the market tells of its own count, if it does."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        budget: Budget,
        limit_header: str = "",
        remaining_header: str = "",
    ) -> None:
        self._client = client
        self._budget = budget
        self._limit_header = limit_header
        self._remaining_header = remaining_header

    async def get(
        self,
        path: str,
        kind: type[AnswerT],
        call: Call,
        parameters: Mapping[str, str] = {},
        headers: Mapping[str, str] = {},
    ) -> AnswerT:
        """The answer as `kind`. Raises ProviderFault: what may pass is tried again first."""
        for attempt in range(1, call.patience.attempts + 1):
            try:
                return _decode(await self._ask(path, call, parameters, headers), kind)
            except (Unreachable, RateLimited, BadAnswer):
                if attempt == call.patience.attempts:
                    raise
            spread = random.uniform(0.5, 1.5)  # noqa: S311 - so that retries do not march in step
            await asyncio.sleep(call.patience.pause_seconds * 2 ** (attempt - 1) * spread)
        raise AssertionError("the last attempt returns or raises")

    async def _ask(
        self, path: str, call: Call, parameters: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        request_id = await self._budget.take_turn(call.urgency, call.patience.turn_seconds)
        call.count()
        answer = await self._send(path, parameters, headers, call.patience.answer_seconds)
        if answer.status == 429:
            await self._budget.back_off(request_id)
        else:
            limit, remaining = (
                self._number(answer, self._limit_header),
                self._number(answer, self._remaining_header),
            )
            await self._budget.settle(request_id, limit, remaining)
        if (fault := _fault_of(answer)) is not None:
            raise fault
        return answer

    async def _send(
        self, path: str, parameters: Mapping[str, str], headers: Mapping[str, str], seconds: float
    ) -> Answer:
        try:
            async with (
                asyncio.timeout(seconds),
                self._client.stream("GET", path, params=parameters, headers=headers) as response,
            ):
                return Answer(response.status_code, response.headers, await _read(response))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise Unreachable(repr(error)) from None

    def _number(self, answer: Answer, header: str) -> int | None:
        text = answer.headers.get(header, "") if header else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _decode(answer: Answer, kind: type[AnswerT]) -> AnswerT:
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadAnswer(str(error)) from None


async def _read(response: httpx.Response) -> bytes:
    """Raises BadAnswer for more than MOST_BYTES, counted after decompression."""
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            raise BadAnswer("the answer is larger than anything documented")
    return bytes(body)


def _fault_of(answer: Answer) -> ProviderFault | None:
    if answer.status == 200:
        return None
    if answer.status == 429:
        return RateLimited("the market refused for now")
    if answer.status in (401, 403):
        return Refused(f"the market answered {answer.status}")
    if answer.status == 404:
        return NoSuchThing("the market answered 404")
    if answer.status >= 500 or answer.status == 408:
        return Unreachable(f"the market answered {answer.status}")
    return BadAnswer(f"the market answered {answer.status}")
