"""What each process of a stack is told, as `settings/<process>.env` holds it."""

from pathlib import Path

import msgspec

from vinyl_devstack.home import Home
from vinyl_devstack.nats import Nats
from vinyl_devstack.ports import LOOPBACK
from vinyl_devstack.postgres import SERVICES

DRAIN_SECONDS = "2"  # Ctrl-C is to end everything in less than five


class Addresses(msgspec.Struct, frozen=True):
    """Base URLs: of the gateway, of each service, and of the sandbox marketplaces."""

    gateway: str
    services: dict[str, str]
    sandbox: str

    @classmethod
    def at(cls, gateway: int, services: list[int], sandbox: int) -> "Addresses":
        by_service = {name: local(port) for name, port in zip(SERVICES, services, strict=True)}
        return cls(local(gateway), by_service, local(sandbox))

    @property
    def jwks(self) -> str:
        return f"{self.services['user']}/.well-known/jwks.json"


def of_service(service: str, home: Home, database_url: str, nats: Nats, at: Addresses) -> dict[str, str]:
    shared = {
        **of_process(at.services[service], nats, at),
        "DATABASE_URL": database_url,
        "CURSOR_SECRET": home.secret(f"{service}_cursors"),
    }
    own = {
        "user": {"SIGNING_KEYS": str(home.signing_keys)},
        # The machine belongs to whoever runs this; elsewhere no folder is open until it is named.
        "catalog": {
            "IMPORTS_FOLDER": "/",
            "INDEX_FOLDER": str(home.folder / "catalog-index"),
            "MEDIA_FOLDER": str(home.folder / "media"),
        },
        "search": {
            "DISCOGS_URL": f"{at.sandbox}/discogs",
            "DISCOGS_TOKEN": "sandbox",
            "EBAY_URL": f"{at.sandbox}/ebay",
            "EBAY_KEY": "sandbox",
            "EBAY_SECRET": "sandbox",
            "EXCHANGE_RATES_URL": f"{at.sandbox}/fx/latest",
        },
    }
    return prefixed(service, shared | own.get(service, {}))


def of_gateway(web_root: Path, nats: Nats, at: Addresses) -> dict[str, str]:
    services = {f"{service.upper()}_URL": url for service, url in at.services.items()}
    return prefixed("gateway", of_process(at.gateway, nats, at) | services | {"WEB_ROOT": str(web_root)})


def of_process(address: str, nats: Nats, at: Addresses) -> dict[str, str]:
    return {
        "HOST": LOOPBACK,
        "PORT": address.rpartition(":")[2],
        "NATS_URL": nats.url,
        "JWKS_URL": at.jwks,
        "LOG_FORMAT": "console",
        "DRAIN_SECONDS": DRAIN_SECONDS,
    }


def prefixed(process: str, values: dict[str, str]) -> dict[str, str]:
    return {f"VINYL_{process.upper()}_{name}": value for name, value in values.items()}


def local(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"
