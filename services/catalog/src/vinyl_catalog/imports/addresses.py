"""Web addresses of dump files, and whose they may be."""

from collections.abc import Sequence
from urllib.parse import urlsplit

_SCHEMES = {"http": 80, "https": 443}


def is_address(file: str) -> bool:
    return file.lower().startswith(tuple(f"{scheme}://" for scheme in _SCHEMES))


def is_allowed(address: str, allowed_hosts: Sequence[str] | None) -> bool:
    """`allowed_hosts` are names, with a port where it is not the usual one; None allows every one."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in _SCHEMES or not parts.hostname or "@" in parts.netloc:
        return False
    usual = port in (None, _SCHEMES[parts.scheme])
    host = parts.hostname if usual else f"{parts.hostname}:{port}"
    return allowed_hosts is None or host in allowed_hosts
