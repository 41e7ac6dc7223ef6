"""OpenTelemetry: traces and metrics, W3C context over HTTP and events, an exporter only where one is set."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

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
        exporter = OTLPMetricExporter(f"{otlp_endpoint}/v1/metrics")
        readers.append(PeriodicExportingMetricReader(exporter))
    metrics.set_meter_provider(MeterProvider(readers, resource=resource))
    if otlp_endpoint:
        for begin in _when_pushing:
            begin(meter)


def when_pushing(begin: Callable[[metrics.Meter], None]) -> None:
    """Called by `configure` where there is a collector to push to."""
    _when_pushing.append(begin)


@contextmanager
def span(name: str, carrier: Mapping[str, str], kind: trace.SpanKind) -> Iterator[trace.Span]:
    """A span that continues the trace in `carrier`'s `traceparent`, if it has one. Of no trace and for no
    exporter, it is none."""
    if not carrier and not isinstance(trace.get_tracer_provider(), TracerProvider):
        yield trace.INVALID_SPAN
        return
    with tracer.start_as_current_span(name, context=propagate.extract(carrier), kind=kind) as current:
        yield current


def current_traceparent() -> str | None:
    """The running trace's `traceparent`, to hand on with an event or a request."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")
