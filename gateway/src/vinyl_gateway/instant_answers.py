"""What can be done with a request the moment its head is here: a kept answer sent, a plain read passed on."""

import time
from collections.abc import Mapping

from vinyl_contracts.errors import Refusal
from vinyl_gateway.answers import form_of_refusal
from vinyl_gateway.cache.delivery import ForAll
from vinyl_gateway.cache.kept_answers import Kept
from vinyl_gateway.cache.sending import composed
from vinyl_gateway.cache.shared_answers import SharedAnswers
from vinyl_gateway.callers import Access, Caller, Callers, Way
from vinyl_gateway.cors import Cors
from vinyl_gateway.forwarding.batches import Batches
from vinyl_gateway.forwarding.delivery import Delivery, ForOne
from vinyl_gateway.forwarding.errands import Errand, own_lines
from vinyl_gateway.forwarding.forwarding import Forwarding
from vinyl_gateway.forwarding.passages import Client, Order, Passage, Passages
from vinyl_gateway.header_rules import lines_of
from vinyl_gateway.http1.request_head import RequestHead
from vinyl_gateway.http1.whole_answer import whole_answer
from vinyl_gateway.overload.shedding import Shedding
from vinyl_gateway.records import Records, Visit
from vinyl_gateway.refusals import GatewayOverloaded
from vinyl_gateway.request_target import LONGEST_TARGET_BYTES, in_order, normal_path, normal_query
from vinyl_gateway.tracing import request_id_of, trace_of


class InstantAnswers:
    """Whatever needs a wait, or a refusal, is left to the front door, which answers alike."""

    def __init__(
        self,
        *,
        callers: Callers,
        cors: Cors,
        shared: SharedAnswers,
        forwarding: Forwarding,
        passages: Passages | None,
        shedding: Shedding,
        records: Records,
    ) -> None:
        self._callers = callers
        self._cors = cors
        self._shared = shared
        self._passages = passages
        self._shedding = shedding
        self._for_one = ForOne(forwarding)
        self._records = records

    def answer(self, head: RequestHead, address: str, client: Client) -> bytes | Passage | None:
        """The whole answer as it goes over the wire, or what will bring it."""
        try:
            caller = self._callers.recognise(head.said) if head.method == "GET" else None
            access = self._callers.find_access(head.path, caller) if caller else None
            if caller is None or access is None:
                return None
            target = head.path + b"?" + head.query if head.query else head.path
            if access.is_alike and (kept := self._shared.at_hand(target)) is not None:
                return self._send(kept, head, caller, access, address)
            if not _is_normal(head):
                return None
            if not self._shedding.admits(is_urgent=False):
                return self._refuse(GatewayOverloaded(), head, caller, access)
            return self._pass_on(head, target, caller, access, address, client)
        except Refusal:
            return None

    def _send(
        self, kept: Kept, head: RequestHead, caller: Caller, access: Access, address: str
    ) -> bytes | None:
        asked_at = time.monotonic()
        visit = self._enter(head, caller, access, address)
        if visit is None:
            return None
        visit.status, fields, body = composed(kept, caller.asked.wishes, asked_at, [])
        self._shared.sent()
        self._records.keep(visit)
        return whole_answer(visit.status, lines_of(fields) + visit.lines, body)

    def _refuse(self, refusal: Refusal, head: RequestHead, caller: Caller, access: Access) -> bytes:
        visit = self._visit(head, caller, access)
        visit.status, headers, body = form_of_refusal(refusal, [], visit.path, visit.request_id)
        self._records.keep(visit)
        return whole_answer(visit.status, lines_of(headers) + visit.lines, body)

    def _pass_on(
        self,
        head: RequestHead,
        target: bytes,
        caller: Caller,
        access: Access,
        address: str,
        client: Client,
    ) -> Passage | None:
        way, read = access.way, caller.asked.headers.read
        if self._passages is None or way.instances is None:
            return None
        if access.is_alike and not (_is_in_order(head.query) and self._shared.is_new(target)):
            return None
        batches = self._batches_for(head, read, way, client)
        place = way.instances.place_at_once() if batches is None else None
        if batches is None and place is None:
            return None
        visit = None
        try:
            visit = self._enter(head, caller, access, address)
        finally:
            if visit is None and place is not None:
                place.give_back()
        if visit is None:
            return None
        lines = own_lines(visit.request_id, address, trace_of(read.get(b"traceparent")))
        delivery: Delivery = self._for_one
        if access.is_alike:
            delivery = ForAll(self._shared, self._shared.open(target), caller.asked.wishes)
        else:
            lines = caller.lines + lines
        errand = Errand(way.route.service, "GET", target, lines, None, kind=way.kind)
        passage = self._passages.begin(way.instances, Order(errand, delivery, visit, head), client)
        if place is not None:
            passage.ask(place)
        elif batches is not None:
            batches.add(passage, client.loop)
        return passage

    def _batches_for(
        self, head: RequestHead, read: Mapping[bytes, bytes], way: Way, client: Client
    ) -> Batches | None:
        """None for what is asked for by itself. A trace would end at a batch."""
        batches = way.batches
        if batches is None or head.query or b"traceparent" in read:
            return None
        return batches if batches.takes(head.path, client.loop) else None

    def _enter(self, head: RequestHead, caller: Caller, access: Access, address: str) -> Visit | None:
        """None where somebody else has to say whether their limits let them in."""
        visit = self._visit(head, caller, access)
        if access.way.gate is not None:
            allowances = access.allowances
            if allowances is None or allowances.address != address:
                allowances = access.way.gate.find(address, access.listener)
            if allowances is None or not allowances.pass_at_once(visit):
                access.allowances = None
                return None
            access.allowances = allowances
        visit.admitted_at = time.perf_counter()
        return visit

    def _visit(self, head: RequestHead, caller: Caller, access: Access) -> Visit:
        read = caller.asked.headers.read
        visit = Visit("GET", head.path.decode("ascii"), request_id_of(read.get(b"x-request-id")))
        visit.enter(access.way.route)
        visit.more += self._cors.answer_headers(read.get(b"origin"))
        return visit


def _is_normal(head: RequestHead) -> bool:
    """Raises UnsafePath or UnsafeQuery."""
    if len(head.path) + len(head.query) > LONGEST_TARGET_BYTES:
        return False
    if head.query and normal_query(head.query) != head.query:
        return False
    return normal_path(head.path) == head.path


def _is_in_order(query: bytes) -> bool:
    return b"&" not in query or in_order(query) == query
