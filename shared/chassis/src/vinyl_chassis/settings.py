"""Settings: read once from the environment into a frozen struct, and passed down from there."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

SettingsT = TypeVar("SettingsT", bound=msgspec.Struct)


class BadSettings(Exception):
    """A setting is missing or malformed; the message names it and says what it should be."""


class ProcessSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway's and every service's process is told. Port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 8000
    nats_url: str = "nats://127.0.0.1:4222"
    jwks_url: str
    log_format: Literal["console", "json"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    otlp_endpoint: str = ""
    drain_seconds: float = 8.0


class ServiceSettings(ProcessSettings, frozen=True, kw_only=True):
    """`cursor_secret` signs list cursors and has to be the same in every process of a service."""

    database_url: str
    database_pool_size: int = 10
    statement_timeout_seconds: float = 10.0
    cursor_secret: str = msgspec.field(default_factory=lambda: secrets.token_hex(32))


def load(kind: type[SettingsT], service: str, environment: Mapping[str, str] = os.environ) -> SettingsT:
    """Reads `VINYL_<SERVICE>_<NAME>` for every field of `kind`.

    What the environment leaves out is taken from `<VINYL_HOME>/settings/<service>.env`, which `make dev`
    writes, so that a command of the same home needs no other setting. Raises BadSettings.
    """
    prefix = f"VINYL_{service.upper()}_"
    given = _from_home(service, environment) | dict(environment)
    values = {
        field.name: given[prefix + field.name.upper()]
        for field in msgspec.structs.fields(kind)
        if prefix + field.name.upper() in given
    }
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise BadSettings(_explain(error, prefix)) from None


def _from_home(service: str, environment: Mapping[str, str]) -> dict[str, str]:
    file = Path(environment.get("VINYL_HOME", ".vinyl")) / "settings" / f"{service}.env"
    if not file.is_file():
        return {}
    lines = (line.partition("=") for line in file.read_text().splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _, value in lines}


def _explain(error: msgspec.ValidationError, prefix: str) -> str:
    message = str(error)
    for quoted in message.split("`")[1::2]:
        if quoted.isidentifier() and "missing" in message:
            return f"{prefix}{quoted.upper()} is not set (no running `make dev` in this VINYL_HOME either)."
        if quoted.startswith("$."):
            return f"{prefix}{quoted[2:].upper()}: {message}"
    return f"{prefix}…: {message}"
