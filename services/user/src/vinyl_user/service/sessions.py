"""Staying signed in, and ending it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_contracts.ids import SessionId
from vinyl_user.domain.accounts import SignedIn
from vinyl_user.domain.profiles import Profile
from vinyl_user.domain.refusals import RefreshTokenRefused, SessionNotFound
from vinyl_user.domain.sessions import (
    LIFE_OF_A_REFRESH_TOKEN,
    Origin,
    RefreshToken,
    Session,
    Verdict,
    family_begun,
    judge,
)
from vinyl_user.security import refresh_tokens
from vinyl_user.security.access_tokens import LIFE, AccessTokens
from vinyl_user.service.announcements import session_revoked
from vinyl_user.store.unit_of_work import Store, UnitOfWork


class SessionService:
    def __init__(self, store: Store, access_tokens: AccessTokens) -> None:
        self._store = store
        self._access_tokens = access_tokens

    async def refresh(self, presented: str, origin: Origin) -> SignedIn:
        """The next pair of tokens. Raises RefreshTokenRefused, and ends the session of a spent one."""
        async with self._store.begin() as unit:
            rotated = await self._rotate(unit, presented, origin)
        if rotated is None:
            raise RefreshTokenRefused
        return rotated

    async def sign_out(self, listener: Listener, presented: str) -> None:
        """Ends the session of a refresh token. Raises SessionNotFound unless it is the listener's own."""
        async with self._store.begin() as unit:
            token = await unit.refresh_tokens.find(refresh_tokens.hash_of(presented))
            session = await unit.sessions.lock(token.session_id) if token else None
            if session is None or session.user_id != listener.id:
                raise SessionNotFound
            await revoke(unit, [session], now())

    async def list_sessions(self, listener: Listener, before: SessionId | None, limit: int) -> list[Session]:
        async with self._store.begin() as unit:
            return await unit.sessions.list_live(listener.id, now(), before, limit)

    async def end_session(self, listener: Listener, session_id: SessionId) -> None:
        async with self._store.begin() as unit:
            session = await unit.sessions.lock(session_id)
            if session is None or session.user_id != listener.id or session.revoked_at is not None:
                raise SessionNotFound
            await revoke(unit, [session], now())

    async def _rotate(self, unit: UnitOfWork, presented: str, origin: Origin) -> SignedIn | None:
        token_hash = refresh_tokens.hash_of(presented)
        seen = await unit.refresh_tokens.find(token_hash)
        session = await unit.sessions.lock(seen.session_id) if seen else None
        # Read again under the lock: another request may have spent it meanwhile.
        token = await unit.refresh_tokens.find(token_hash) if session else None
        if session is None or token is None:
            return None
        at = now()
        salt = token.successor_salt or refresh_tokens.new_salt()
        successor = refresh_tokens.successor_of(presented, salt)
        next_token = await unit.refresh_tokens.find(refresh_tokens.hash_of(successor))
        successor_spent = next_token is not None and next_token.spent_at is not None
        verdict = judge(token, session, successor_spent=successor_spent, now=at)
        if verdict is Verdict.REVOKE:
            await revoke(unit, [session], at)
        if verdict not in (Verdict.ROTATE, Verdict.REPEAT):
            return None
        if verdict is Verdict.ROTATE:
            await _spend(unit, token, session, salt, successor, origin, at)
        profile = await unit.profiles.find(session.user_id)
        return hand_out(self._access_tokens, profile, session, successor, at) if profile else None


async def begin_session(
    unit: UnitOfWork, access_tokens: AccessTokens, profile: Profile, origin: Origin, at: datetime
) -> SignedIn:
    session = family_begun(profile.id, origin, at)
    first = refresh_tokens.new_token()
    await unit.sessions.add(session)
    await unit.refresh_tokens.add(_kept(first, session, at))
    if origin.address is not None:
        await unit.signed_in_addresses.save(profile.id, origin.address, at)
    return hand_out(access_tokens, profile, session, first, at)


def hand_out(
    access_tokens: AccessTokens, profile: Profile, session: Session, refresh_token: str, at: datetime
) -> SignedIn:
    access_token = access_tokens.mint(profile, session.id, at)
    return SignedIn(profile, access_token, refresh_token, int(LIFE.total_seconds()))


async def revoke(unit: UnitOfWork, ended: Sequence[Session], at: datetime) -> None:
    """Ends those of the sessions that are not over yet; their access tokens are refused everywhere."""
    revoked = [
        msgspec.structs.replace(session, revoked_at=at) for session in ended if session.revoked_at is None
    ]
    await unit.sessions.revoke([session.id for session in revoked], at)
    await unit.outbox.add_all([session_revoked(session) for session in revoked])


async def _spend(
    unit: UnitOfWork,
    token: RefreshToken,
    session: Session,
    salt: bytes,
    successor: str,
    origin: Origin,
    at: datetime,
) -> None:
    await unit.refresh_tokens.spend(token.token_hash, at, salt)
    await unit.refresh_tokens.add(_kept(successor, session, at))
    used = msgspec.structs.replace(
        session,
        address=origin.address,
        user_agent=origin.user_agent,
        last_used_at=at,
        expires_at=at + LIFE_OF_A_REFRESH_TOKEN,
    )
    await unit.sessions.save_use(used)


def _kept(token: str, session: Session, at: datetime) -> RefreshToken:
    return RefreshToken(token_hash=refresh_tokens.hash_of(token), session_id=session.id, issued_at=at)
