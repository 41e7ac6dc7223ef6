"""Signing up, signing in, and changing the password."""

from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_contracts.errors import Unavailable
from vinyl_contracts.ids import UserId, new_id
from vinyl_user.domain.accounts import Account, SignedIn
from vinyl_user.domain.emails import canonical_email
from vinyl_user.domain.login_limits import Attempt
from vinyl_user.domain.passwords import acceptable_password
from vinyl_user.domain.profiles import Profile
from vinyl_user.domain.refusals import BadCredentials, EmailTaken, UsernameTaken, WrongPassword
from vinyl_user.domain.sessions import Origin
from vinyl_user.domain.usernames import canonical_username, fold
from vinyl_user.security.access_tokens import AccessTokens
from vinyl_user.security.password_hashes import PasswordHashes
from vinyl_user.service.announcements import registered
from vinyl_user.service.login_guard import count_attempt, counter_of
from vinyl_user.service.sessions import begin_session, revoke
from vinyl_user.store.unit_of_work import Store, UnitOfWork


class AccountService:
    def __init__(self, store: Store, password_hashes: PasswordHashes, access_tokens: AccessTokens) -> None:
        self._store = store
        self._password_hashes = password_hashes
        self._access_tokens = access_tokens

    async def sign_up(self, username: str, email: str, password: str, origin: Origin) -> SignedIn:
        """Raises Invalid, UsernameTaken and EmailTaken."""
        name, address = canonical_username(username), canonical_email(email)
        accepted = acceptable_password(password, name)
        async with self._store.begin() as unit:
            await _refuse_taken(unit, name, address)
        password_hash = await self._password_hashes.make(accepted)
        at = now()
        profile = Profile(id=UserId(new_id()), username=name, email=email, created_at=at, updated_at=at)
        async with self._store.begin() as unit:
            if not await unit.accounts.add(Account(profile, address, password_hash)):
                await _refuse_taken(unit, name, address)
            await unit.outbox.add_all([registered(profile)])
            return await begin_session(unit, self._access_tokens, profile, origin, at)

    async def sign_in(self, login: str, password: str, origin: Origin) -> SignedIn:
        """`login` is a username or an e-mail address. Raises BadCredentials and TooManyFailures."""
        async with self._store.begin() as unit:
            account = await _find_account(unit, login)
            counter = await counter_of(unit, account, fold(login), origin.address)
            attempt = await count_attempt(unit, counter, now())
        matches = await self._matches(account, password, attempt)
        if account is None or not matches:
            raise BadCredentials
        password_hash = await self._fresh_hash(account, password)
        async with self._store.begin() as unit:
            locked = await unit.accounts.lock(account.profile.id)
            # Somebody changed the password while this one was checked.
            if locked is None or locked.password_hash != account.password_hash:
                raise BadCredentials
            await unit.login_attempts.remove(attempt)
            if password_hash != account.password_hash:
                await unit.accounts.save_password_hash(account.profile.id, password_hash)
            return await begin_session(unit, self._access_tokens, locked.profile, origin, now())

    async def change_password(self, listener: Listener, current: str, new: str) -> None:
        """Signs the listener out everywhere else. Raises Invalid, WrongPassword and TooManyFailures."""
        accepted = acceptable_password(new, listener.username, "new_password")
        async with self._store.begin() as unit:
            account = await unit.accounts.find(listener.id)
            attempt = await count_attempt(unit, f"password:{listener.id}", now())
        matches = await self._matches(account, current, attempt)
        if account is None or not matches:
            raise WrongPassword
        password_hash = await self._password_hashes.make(accepted)
        async with self._store.begin() as unit:
            locked = await unit.accounts.lock(listener.id)
            if locked is None or locked.password_hash != account.password_hash:
                raise WrongPassword
            await unit.login_attempts.remove(attempt)
            await unit.accounts.save_password_hash(listener.id, password_hash)
            at = now()
            await revoke(unit, await unit.sessions.lock_others(listener.id, listener.session_id, at), at)

    async def _matches(self, account: Account | None, password: str, attempt: Attempt) -> bool:
        """A guess that nobody had the time to look at does not count."""
        try:
            return await self._password_hashes.matches(account.password_hash if account else None, password)
        except Unavailable:
            async with self._store.begin() as unit:
                await unit.login_attempts.remove(attempt)
            raise

    async def _fresh_hash(self, account: Account, password: str) -> str:
        """The kept hash, or a new one where the cost of hashing was changed since."""
        if self._password_hashes.is_outdated(account.password_hash):
            return await self._password_hashes.make(password)
        return account.password_hash


async def _find_account(unit: UnitOfWork, login: str) -> Account | None:
    folded = fold(login)
    if "@" in folded:
        return await unit.accounts.find_by_email(folded)
    return await unit.accounts.find_by_username(folded)


async def _refuse_taken(unit: UnitOfWork, username: str, email_canonical: str) -> None:
    if await unit.accounts.contains_username(username):
        raise UsernameTaken("This username is taken: choose another.")
    if await unit.accounts.contains_email(email_canonical):
        raise EmailTaken("This e-mail address has an account: sign in, or use another.")
