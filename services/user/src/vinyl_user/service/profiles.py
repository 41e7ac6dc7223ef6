"""What listeners show of themselves, and their own list."""

from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_chassis.versions import ExpectedVersion
from vinyl_user.domain.content import Content, checked_entries
from vinyl_user.domain.profiles import Profile, ProfileEdit, PublicProfile
from vinyl_user.domain.refusals import UserNotFound
from vinyl_user.domain.usernames import fold
from vinyl_user.service.announcements import profile_changed
from vinyl_user.store.unit_of_work import Store


class ProfileService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def read_own(self, listener: Listener) -> Profile:
        async with self._store.begin() as unit:
            profile = await unit.profiles.find(listener.id)
        if profile is None:
            raise UserNotFound
        return profile

    async def edit_own(self, listener: Listener, edit: ProfileEdit, expected: ExpectedVersion) -> Profile:
        async with self._store.begin() as unit:
            profile = await unit.profiles.lock(listener.id)
            if profile is None:
                raise UserNotFound
            expected.check(profile.version)
            edited = profile.edited(edit, now())
            await unit.profiles.save(edited)
            await unit.outbox.add_all([profile_changed(edited)])
            return edited

    async def read_public(self, username: str, viewer: Listener | None) -> PublicProfile:
        """Anybody's, unless it is private: then only the listener's own."""
        async with self._store.begin() as unit:
            found = await unit.profiles.find_counted(fold(username))
        if found is None:
            raise UserNotFound
        is_own = viewer is not None and viewer.id == found.profile.id
        if not (found.profile.is_public or is_own):
            raise UserNotFound
        return found

    async def read_content(self, listener: Listener) -> Content:
        async with self._store.begin() as unit:
            return await unit.contents.find(listener.id)

    async def replace_content(
        self, listener: Listener, entries: list[str], expected: ExpectedVersion
    ) -> Content:
        async with self._store.begin() as unit:
            present = await unit.contents.lock(listener.id)
            expected.check(present.version)
            content = Content(checked_entries(entries), present.version + 1)
            await unit.contents.save(listener.id, content)
            return content
