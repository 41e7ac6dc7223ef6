"""/users"""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, patch, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from vinyl_chassis.identity import Listener
from vinyl_chassis.versions import ExpectedVersion, versioned
from vinyl_contracts.ids import UserId
from vinyl_user.api.origin import provide_viewer
from vinyl_user.domain.content import Content, Entries
from vinyl_user.domain.profiles import Profile, ProfileEdit, PublicProfile
from vinyl_user.service.profiles import ProfileService


class ProfileView(msgspec.Struct, frozen=True):
    """A listener's own profile."""

    id: UserId
    username: str
    email: str
    display_name: str | None
    bio: str | None
    country: str | None
    currency: str
    avatar_media_id: UUID | None
    is_public: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, profile: Profile) -> "ProfileView":
        return cls(
            profile.id,
            profile.username,
            profile.email,
            profile.display_name,
            profile.bio,
            profile.country,
            profile.currency,
            profile.avatar_media_id,
            profile.is_public,
            profile.created_at,
            profile.updated_at,
        )


class CountsView(msgspec.Struct, frozen=True):
    """How many copies the listener owns, and how many they look for."""

    collection: int
    wants: int


class PublicProfileView(msgspec.Struct, frozen=True):
    """What everybody sees of a listener."""

    id: UserId
    username: str
    display_name: str | None
    bio: str | None
    country: str | None
    avatar_media_id: UUID | None
    counts: CountsView
    created_at: datetime

    @classmethod
    def of(cls, shown: PublicProfile) -> "PublicProfileView":
        profile = shown.profile
        return cls(
            profile.id,
            profile.username,
            profile.display_name,
            profile.bio,
            profile.country,
            profile.avatar_media_id,
            CountsView(shown.collection_count, shown.want_count),
            profile.created_at,
        )


class NewContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    entries: Entries


class EntryView(msgspec.Struct, frozen=True):
    position: int
    entry: str


class ContentView(msgspec.Struct, frozen=True):
    """The whole list in its order; there is never a next page."""

    items: list[EntryView]
    next_cursor: None

    @classmethod
    def of(cls, content: Content) -> "ContentView":
        return cls([EntryView(position, entry) for position, entry in enumerate(content.entries)], None)


class UserController(Controller):
    path = "/users"
    tags = ("users",)
    dependencies = {"viewer": Provide(provide_viewer, sync_to_thread=False)}  # noqa: RUF012 - the framework's own form

    @get("/profile", summary="Your profile")
    async def read_profile(
        self, profiles: NamedDependency[ProfileService], listener: NamedDependency[Listener]
    ) -> Response[ProfileView]:
        profile = await profiles.read_own(listener)
        return versioned(ProfileView.of(profile), profile.version)

    @patch("/profile", summary="Edit your profile")
    async def edit_profile(
        self,
        profiles: NamedDependency[ProfileService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        data: JSONBody[ProfileEdit],
    ) -> Response[ProfileView]:
        profile = await profiles.edit_own(listener, data, expected)
        return versioned(ProfileView.of(profile), profile.version)

    @get("/content", summary="Your own list")
    async def read_content(
        self, profiles: NamedDependency[ProfileService], listener: NamedDependency[Listener]
    ) -> Response[ContentView]:
        content = await profiles.read_content(listener)
        return versioned(ContentView.of(content), content.version)

    @put("/content", summary="Replace your own list as a whole")
    async def replace_content(
        self,
        profiles: NamedDependency[ProfileService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        data: JSONBody[NewContent],
    ) -> Response[ContentView]:
        content = await profiles.replace_content(listener, data.entries, expected)
        return versioned(ContentView.of(content), content.version)

    @get("/{username:str}", summary="What a listener shows in public")
    async def read_user(
        self,
        profiles: NamedDependency[ProfileService],
        viewer: NamedDependency[Listener | None],
        username: FromPath[str],
    ) -> Response[PublicProfileView]:
        shown = await profiles.read_public(username, viewer)
        return versioned(PublicProfileView.of(shown), shown.version)
