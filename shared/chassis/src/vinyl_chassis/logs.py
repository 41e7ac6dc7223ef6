"""Logs: one event per line, its facts as keys; for people (console) or machines (JSON)."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog

# Variables hold tokens and passwords.
_WITHOUT_LOCALS = structlog.dev.RichTracebackFormatter(show_locals=False)


class _Lines(msgspec.Struct):
    """`service` is whose lines are JSON; "" where they are for people."""

    service: str = ""


_lines = _Lines()


def configure(log_format: str, log_level: str, service: str) -> None:
    """Sends structlog's and the standard library's records through one chain to standard output."""
    _lines.service = "" if log_format == "console" else service
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_ending(log_format, service),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(log_level.upper())
    for chatty in ("httpx", "httpcore", "_granian", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def write_line(logger: str, event: str, **facts: Any) -> None:
    """As the chain would, for what is said of every request: the chain takes longer than many an answer."""
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    if _lines.service:
        named = {
            "event": event,
            "logger": logger,
            "level": "info",
            "timestamp": at,
            "service": _lines.service,
        }
        line = msgspec.json.encode(facts | named).decode()
    else:
        shown = " ".join(f"{name}={_shown(value)}" for name, value in sorted(facts.items()))
        line = f"{at} [info     ] {event:24} [{logger}] {shown}"
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _shown(value: Any) -> str:
    text = str(value)
    return text if text.isprintable() and " " not in text else repr(value)


def _ending(log_format: str, service: str) -> list[structlog.types.Processor]:
    if log_format == "console":
        return [
            structlog.dev.ConsoleRenderer(
                colors=sys.stdout.isatty(), pad_event_to=24, exception_formatter=_WITHOUT_LOCALS
            )
        ]

    def name_service(
        _logger: object, _method: str, event: structlog.types.EventDict
    ) -> structlog.types.EventDict:
        return {**event, "service": service}

    return [name_service, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
