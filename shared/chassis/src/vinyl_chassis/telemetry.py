"""OpenTelemetry: traces and metrics, W3C context over HTTP and events, an exporter only where one is set."""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar

import msgspec
from opentelemetry import metrics, propagate, trace
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

tracer = trace.get_tracer("vinyl")
meter = metrics.get_meter("vinyl")
_when_pushing: list[Callable[[metrics.Meter], None]] = []
_NO_SPAN = nullcontext(trace.INVALID_SPAN)
_TRACEPARENT = re.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_passed_on: ContextVar[str | None] = ContextVar("traceparent", default=None)


class _Spans(msgspec.Struct):
    are_exported: bool = False


_spans = _Spans()


def configure(service: str, otlp_endpoint: str) -> None:
    """Once per process. `otlp_endpoint` is the address of an OTLP/HTTP collector; "" exports nothing.

    Metrics are always readable at /metrics in Prometheus' form; spans are made only for an exporter.
    """
    resource = Resource.create({"service.name": f"vinyl-{service}"})
    readers: list[MetricReader] = [PrometheusMetricReader()]
    if otlp_endpoint:
        spans = TracerProvider(resource=resource)
        spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{otlp_endpoint}/v1/traces")))
        trace.set_tracer_provider(spans)
        _spans.are_exported = True
        exporter = OTLPMetricExporter(f"{otlp_endpoint}/v1/metrics")
        readers.append(PeriodicExportingMetricReader(exporter))
    metrics.set_meter_provider(MeterProvider(readers, resource=resource))
    if otlp_endpoint:
        for begin in _when_pushing:
            begin(meter)


def when_pushing(begin: Callable[[metrics.Meter], None]) -> None:
    """Called by `configure` where there is a collector to push to."""
    _when_pushing.append(begin)


def are_spans_exported() -> bool:
    return _spans.are_exported


def span(name: str, carrier: Mapping[str, str], kind: trace.SpanKind) -> AbstractContextManager[trace.Span]:
    """A span that continues the trace in `carrier`'s `traceparent`, if it has one; for no exporter none."""
    if _spans.are_exported:
        return tracer.start_as_current_span(name, context=propagate.extract(carrier), kind=kind)
    return _PassedOn(carrier["traceparent"]) if "traceparent" in carrier else _NO_SPAN


class _PassedOn:
    """A trace that goes through here without a span: to make one for nobody takes longer than many a read."""

    __slots__ = ("_before", "_traceparent")

    def __init__(self, traceparent: str) -> None:
        self._traceparent = traceparent

    def __enter__(self) -> trace.Span:
        self._before = _passed_on.get()
        _passed_on.set(self._traceparent)
        return trace.INVALID_SPAN

    def __exit__(self, *_error: object) -> None:
        _passed_on.set(self._before)


def current_traceparent() -> str | None:
    """The running trace's `traceparent`, to hand on with an event or a request."""
    if not _spans.are_exported:
        given = _passed_on.get()
        return given if given is not None and _TRACEPARENT.fullmatch(given) else None
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")
