"""How the user service is put together; the only file that knows every other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from litestar import Litestar

from vinyl_chassis import application
from vinyl_chassis.database import Database
from vinyl_chassis.identity import TokenVerifier
from vinyl_chassis.paging import Cursors
from vinyl_chassis.working import Worker
from vinyl_contracts.errors import Invalid
from vinyl_user.api.auth import AuthController
from vinyl_user.api.collection import CollectionController
from vinyl_user.api.keys import read_jwks
from vinyl_user.api.profiles import UserController
from vinyl_user.api.wants import WantController
from vinyl_user.consumers import catalog
from vinyl_user.domain.usernames import canonical_username
from vinyl_user.security.access_tokens import AccessTokens
from vinyl_user.security.password_hashes import HashingCost, PasswordHashes
from vinyl_user.security.signing_keys import SigningKeys
from vinyl_user.service.accounts import AccountService
from vinyl_user.service.collection import CollectionService
from vinyl_user.service.forgetting import ForgettingService
from vinyl_user.service.known_albums import KnownAlbumService
from vinyl_user.service.profiles import ProfileService
from vinyl_user.service.sessions import SessionService
from vinyl_user.service.wants import WantService
from vinyl_user.settings import Settings
from vinyl_user.store.unit_of_work import Store

_log = structlog.get_logger("user")


def create_app(settings: Settings) -> Litestar:
    database = _database(settings)
    store = Store(database)
    password_hashes = PasswordHashes(_hashing_cost(settings))
    signing_keys = SigningKeys(Path(settings.signing_keys), settings.signing_key_announced_seconds)
    access_tokens = AccessTokens(signing_keys, _admin(settings))

    @asynccontextmanager
    async def closing_threads(_app: Litestar) -> AsyncIterator[None]:
        yield
        password_hashes.close()

    return application.build(
        "user",
        version="1",
        routes=[AuthController, UserController, CollectionController, WantController],
        unversioned_routes=[read_jwks],
        database=database,
        verifier=TokenVerifier(signing_keys),
        dependencies={
            "accounts": AccountService(store, password_hashes, access_tokens),
            "sessions": SessionService(store, access_tokens),
            "profiles": ProfileService(store),
            "collection": CollectionService(store),
            "wants": WantService(store),
            "signing_keys": signing_keys,
            "cursors": Cursors(settings.cursor_secret),
        },
        lifespan=[closing_threads],
    )


def create_worker(settings: Settings) -> Worker:
    database = _database(settings)
    store = Store(database)
    return Worker(
        "user",
        settings,
        database,
        hears={"catalog": catalog.subscriptions(KnownAlbumService(store))},
        jobs=[ForgettingService(store).run],
    )


def _admin(settings: Settings) -> str:
    try:
        return canonical_username(settings.admin) if settings.admin else ""
    except Invalid as refusal:
        reason = f"Nobody can have this name: it {refusal.errors[0].detail}. There is no admin."
        _log.warning("admin_has_no_effect", VINYL_USER_ADMIN=settings.admin, reason=reason)
        return ""


def _hashing_cost(settings: Settings) -> HashingCost:
    return HashingCost(
        settings.argon2_memory_kib,
        settings.argon2_passes,
        settings.argon2_lanes,
        settings.argon2_threads,
        settings.argon2_most_waiting,
    )


def _database(settings: Settings) -> Database:
    return Database(
        settings.database_url,
        pool_size=settings.database_pool_size,
        statement_timeout_seconds=settings.statement_timeout_seconds,
    )
