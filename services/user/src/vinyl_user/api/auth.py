"""/auth"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from vinyl_chassis.identity import Listener, refuse_scopes
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_contracts.ids import SessionId
from vinyl_user.api.origin import provide_origin
from vinyl_user.api.profiles import ProfileView
from vinyl_user.domain.accounts import SignedIn
from vinyl_user.domain.sessions import Origin, Session
from vinyl_user.service.accounts import AccountService
from vinyl_user.service.sessions import SessionService

_Name = Annotated[str, Meta(min_length=1, max_length=320)]
_Password = Annotated[str, Meta(min_length=1, max_length=1024)]
_RefreshToken = Annotated[str, Meta(min_length=1, max_length=4096)]


class NewAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    username: _Name
    email: _Name
    password: _Password


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`login` is a username or an e-mail address."""

    login: _Name
    password: _Password


class PresentedToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    refresh_token: _RefreshToken


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    current_password: _Password
    new_password: _Password


class TokensView(msgspec.Struct, frozen=True):
    """`expires_in` are the seconds that the access token is good for."""

    user: ProfileView
    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int

    @classmethod
    def of(cls, signed_in: SignedIn) -> "TokensView":
        user = ProfileView.of(signed_in.profile)
        return cls(user, signed_in.access_token, signed_in.refresh_token, "Bearer", signed_in.expires_in)


class SessionView(msgspec.Struct, frozen=True):
    """`address` is where it was last used from."""

    id: SessionId
    user_agent: str | None
    address: str | None
    is_current: bool
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, session: Session, current: SessionId) -> "SessionView":
        return cls(
            session.id,
            session.user_agent,
            session.address,
            session.id == current,
            session.created_at,
            session.last_used_at,
            session.expires_at,
        )


class AuthController(Controller):
    path = "/auth"
    guards = [refuse_scopes]  # noqa: RUF012 - the framework's own form
    tags = ("auth",)
    dependencies = {"origin": Provide(provide_origin, sync_to_thread=False)}  # noqa: RUF012 - the framework's own form

    @post("/signup", summary="Open an account and sign in")
    async def sign_up(
        self,
        accounts: NamedDependency[AccountService],
        origin: NamedDependency[Origin],
        data: JSONBody[NewAccount],
    ) -> Response[TokensView]:
        return _secret(await accounts.sign_up(data.username, data.email, data.password, origin), 201)

    @post("/login", status_code=200, summary="Sign in by username or e-mail address")
    async def sign_in(
        self,
        accounts: NamedDependency[AccountService],
        origin: NamedDependency[Origin],
        data: JSONBody[Credentials],
    ) -> Response[TokensView]:
        return _secret(await accounts.sign_in(data.login, data.password, origin), 200)

    @post("/refresh", status_code=200, summary="New tokens for a refresh token, which is spent by that")
    async def refresh_session(
        self,
        sessions: NamedDependency[SessionService],
        origin: NamedDependency[Origin],
        data: JSONBody[PresentedToken],
    ) -> Response[TokensView]:
        return _secret(await sessions.refresh(data.refresh_token, origin), 200)

    @post("/logout", status_code=204, summary="End the session of a refresh token")
    async def sign_out(
        self,
        sessions: NamedDependency[SessionService],
        listener: NamedDependency[Listener],
        data: JSONBody[PresentedToken],
    ) -> None:
        await sessions.sign_out(listener, data.refresh_token)

    @get("/sessions", summary="Where you are signed in, newest first")
    async def list_sessions(
        self,
        sessions: NamedDependency[SessionService],
        listener: NamedDependency[Listener],
        cursors: NamedDependency[Cursors],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[SessionView]:
        scope = ("sessions", listener.id)
        place = cursors.read(cursor, tuple[SessionId], *scope)
        found = await sessions.list_sessions(listener, place[0] if place else None, limit + 1)
        return cursors.page(
            found,
            limit,
            lambda session: SessionView.of(session, listener.session_id),
            lambda session: [session.id],
            *scope,
        )

    @delete("/sessions/{session_id:str}", summary="Sign one of your sessions out")
    async def end_session(
        self,
        sessions: NamedDependency[SessionService],
        listener: NamedDependency[Listener],
        session_id: FromPath[UUID],
    ) -> None:
        await sessions.end_session(listener, SessionId(session_id))

    @put("/password", status_code=204, summary="Change your password, and sign your other sessions out")
    async def change_password(
        self,
        accounts: NamedDependency[AccountService],
        listener: NamedDependency[Listener],
        data: JSONBody[NewPassword],
    ) -> None:
        await accounts.change_password(listener, data.current_password, data.new_password)


def _secret(signed_in: SignedIn, status: int) -> Response[TokensView]:
    """Tokens are kept by nobody on the way."""
    return Response(TokensView.of(signed_in), status_code=status, headers={"Cache-Control": "no-store"})
