"""People: who they are, what they want, what they own."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from vinyl_devstack.sandbox.discogs.member_shapes import (
    FoldersView,
    FolderView,
    IdentityView,
    InstanceAdded,
    InstanceView,
    ProfileView,
    WantView,
)
from vinyl_devstack.sandbox.discogs.members import ALL, Instance, Member, Members
from vinyl_devstack.sandbox.discogs.paging import Page, Pagination
from vinyl_devstack.sandbox.discogs.refusals import DiscogsFieldRefused, DiscogsRefused, not_found, not_yours
from vinyl_devstack.sandbox.discogs.visit import Visit
from vinyl_devstack.sandbox.market.clock import OPENED
from vinyl_devstack.sandbox.market.market import Market
from vinyl_devstack.sandbox.market.pressing import Pressing

NOBODY = "User does not exist or may have been deleted."


class WantsView(Struct, frozen=True):
    pagination: Pagination
    wants: list[WantView]


class CollectionView(Struct, frozen=True):
    pagination: Pagination
    releases: list[InstanceView]


class WantChange(Struct, frozen=True):
    """From the query or a JSON body; what is absent stays as it is."""

    notes: str | None = None
    rating: int | None = None

    @classmethod
    def of(cls, query: Mapping[str, str], body: bytes) -> "WantChange":
        try:
            given = {**query, **(msgspec.json.decode(body, type=dict[str, object]) if body else {})}
            return msgspec.convert(given, cls, strict=False)
        except msgspec.MsgspecError as fault:
            raise DiscogsFieldRefused("body", "want", str(fault)) from fault


class NewFolder(Struct, frozen=True):
    name: str


class Community:
    def __init__(self, market: Market, members: Members) -> None:
        self._market = market
        self._members = members

    async def identity(self, visit: Visit) -> IdentityView:
        member = self._members.join(visit.caller.person())
        return IdentityView(
            member.id, member.username, visit.links.user(member.username), "Vinylhound sandbox"
        )

    async def profile(self, username: str, visit: Visit) -> ProfileView:
        shop = self._market.discogs.shop(username)
        if shop:
            for_sale = len(self._market.discogs.in_shop(shop))
            return ProfileView.of(shop.username, shop.id, shop, for_sale, 0, OPENED, visit.links)
        member = self._member(username, visit)
        return ProfileView.of(member.username, member.id, None, 0, len(member.instances), OPENED, visit.links)

    async def wants(self, username: str, visit: Visit) -> WantsView:
        member = self._member(username, visit)
        page = visit.page.cut(sorted(member.wants.values(), key=lambda each: each.instance_id, reverse=True))
        return WantsView(
            page.pagination, [WantView.of(each, member.username, visit.links) for each in page.rows]
        )

    async def want(self, username: str, release_id: int, body: bytes, visit: Visit) -> WantView:
        member = self._own(username, visit)
        change = WantChange.of(visit.query, body)
        pressing = await self._pressing(release_id)
        want = self._members.want(member, pressing, self._market.clock.now(), change.notes, change.rating)
        return WantView.of(want, member.username, visit.links)

    async def unwant(self, username: str, release_id: int, visit: Visit) -> None:
        self._members.unwant(self._own(username, visit), release_id)

    async def folders(self, username: str, visit: Visit) -> FoldersView:
        """Everybody sees the folder that holds all; the others are the owner's."""
        member = self._member(username, visit)
        shown = member.folders if visit.caller.owns(username) else {ALL}
        return FoldersView([FolderView.of(each, member, visit.links) for each in shown])

    async def folder(self, username: str, folder_id: int, visit: Visit) -> FolderView:
        member = self._reader_of(username, folder_id, visit)
        return FolderView.of(folder_id, member, visit.links)

    async def add_folder(self, username: str, body: bytes, visit: Visit) -> FolderView:
        member = self._own(username, visit)
        try:
            folder_id = self._members.add_folder(member, msgspec.json.decode(body, type=NewFolder).name)
        except msgspec.MsgspecError as fault:
            raise DiscogsFieldRefused("body", "name", str(fault)) from fault
        return FolderView.of(folder_id, member, visit.links)

    async def collection(self, username: str, folder_id: int, visit: Visit) -> CollectionView:
        member = self._reader_of(username, folder_id, visit)
        return _collection(visit.page.cut(member.in_folder(folder_id)), visit)

    async def copies_owned(self, username: str, release_id: int, visit: Visit) -> CollectionView:
        member = self._member(username, visit)
        return _collection(visit.page.cut(member.copies_of(release_id)), visit)

    async def add_copy(self, username: str, folder_id: int, release_id: int, visit: Visit) -> InstanceAdded:
        member = self._own(username, visit)
        pressing = await self._pressing(release_id)
        instance = self._members.add_copy(member, folder_id, pressing, self._market.clock.now())
        folder = visit.links.folder(member.username, folder_id)
        return InstanceAdded(instance.id, f"{folder}/releases/{release_id}/instances/{instance.id}")

    async def remove_copy(
        self, username: str, folder_id: int, release_id: int, instance_id: int, visit: Visit
    ) -> None:
        self._members.remove_copy(self._own(username, visit), folder_id, release_id, instance_id)

    def _own(self, username: str, visit: Visit) -> Member:
        visit.caller.must_own(username)
        return self._members.join(visit.caller.person())

    def _member(self, username: str, visit: Visit) -> Member:
        if visit.caller.owns(username):
            return self._members.join(visit.caller.person())
        shop = self._market.discogs.shop(username)
        member = self._members.join(shop.username) if shop else self._members.find(username)
        if member is None:
            raise DiscogsRefused(404, NOBODY)
        return member

    def _reader_of(self, username: str, folder_id: int, visit: Visit) -> Member:
        member = self._member(username, visit)
        if folder_id != ALL and not visit.caller.owns(username):
            raise not_yours()
        return member

    async def _pressing(self, release_id: int) -> Pressing:
        pressing = await self._market.pressing(release_id)
        if pressing is None:
            raise not_found("Release")
        return pressing


def _collection(page: Page[Instance], visit: Visit) -> CollectionView:
    return CollectionView(page.pagination, [InstanceView.of(each, visit.links) for each in page.rows])
