"""The showcase's categories, as `categories.toml` has them, and the curator who adds them."""

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from vinyl_contracts.claims import ACCESS_TOKEN_TYPE, AccessClaims, Role
from vinyl_devstack.demo.gateway import Gateway
from vinyl_devstack.demo.reading import FOLDER, decoded
from vinyl_user.security.signing_keys import SigningKeys

CURATOR = "demo-curator"
TOKEN_SECONDS = 300


class WrittenCategories(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bodies as the API takes them."""

    category: tuple[dict[str, Any], ...]


def read_categories(folder: Path = FOLDER) -> tuple[dict[str, Any], ...]:
    """Raises BadDemo."""
    return decoded(folder / "categories.toml", WrittenCategories).category


async def add_categories(gateway: Gateway, signing_keys: Path) -> None:
    """Those that are missing. Raises GatewayRefused."""
    present = {category["slug"] async for category in gateway.items("/categories")}
    token = curator_token(signing_keys)
    for category in read_categories():
        if category["slug"] not in present:
            await gateway.post("/categories", category, token=token)


def curator_token(signing_keys: Path) -> str:
    """Nobody signs up as a curator; whoever has the stack's keys may speak as one."""
    at = int(time.time())
    claims = AccessClaims(
        sub=uuid4(),
        username=CURATOR,
        roles=(Role.LISTENER, Role.CURATOR),
        sid=uuid4(),
        jti=uuid4().hex,
        iat=at,
        exp=at + TOKEN_SECONDS,
    )
    keys = SigningKeys(signing_keys, announced_seconds=0.0)
    return keys.sign(msgspec.to_builtins(claims), ACCESS_TOKEN_TYPE)
