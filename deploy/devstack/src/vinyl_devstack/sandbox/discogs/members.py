"""What people keep on the sandbox's Discogs: their wants and their collection."""

from collections.abc import Callable
from datetime import datetime
from itertools import count

from msgspec import UNSET, Struct, UnsetType

from vinyl_devstack.sandbox.discogs.accounts import Caller
from vinyl_devstack.sandbox.discogs.database_shapes import OwnersAndSeekers
from vinyl_devstack.sandbox.discogs.refusals import DiscogsRefused, not_found
from vinyl_devstack.sandbox.market.pressing import Pressing

ALL, UNCATEGORIZED = 0, 1


class Want(Struct, frozen=True):
    pressing: Pressing
    instance_id: int
    added: datetime
    notes: str = ""
    rating: int = 0


class Instance(Struct, frozen=True):
    """One owned copy; the same release may be there any number of times."""

    id: int
    pressing: Pressing
    folder_id: int
    added: datetime
    rating: int = 0


class Member:
    def __init__(self, username: str, id_: int) -> None:
        self.username = username
        self.id = id_
        self.wants: dict[int, Want] = {}
        self.folders = {ALL: "All", UNCATEGORIZED: "Uncategorized"}
        self.instances: dict[int, Instance] = {}

    def in_folder(self, folder_id: int) -> list[Instance]:
        """The newest first; `All` holds every one."""
        if folder_id not in self.folders:
            raise not_found("Folder")
        held = [each for each in self.instances.values() if folder_id in (ALL, each.folder_id)]
        return sorted(held, key=lambda each: (each.added, each.id), reverse=True)

    def copies_of(self, release_id: int) -> list[Instance]:
        return [each for each in self.instances.values() if each.pressing.id == release_id]


class Members:
    """Whoever a token names comes to exist with it."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._members: dict[str, Member] = {}
        self._numbers = count(700_001)

    def join(self, username: str) -> Member:
        key = username.casefold()
        if key not in self._members:
            self._members[key] = Member(username, next(self._numbers))
        return self._members[key]

    def find(self, username: str) -> Member | None:
        return self._members.get(username.casefold())

    def stakes(self, caller: Caller) -> Callable[[int], OwnersAndSeekers | UnsetType]:
        """What the caller wants and owns, by release id; UNSET for a stranger."""
        if caller.username is None:
            return lambda _: UNSET
        member = self.join(caller.username)
        return lambda release_id: OwnersAndSeekers(
            int(release_id in member.wants), len(member.copies_of(release_id))
        )

    def add_folder(self, member: Member, name: str) -> int:
        folder_id = max(member.folders) + 1
        member.folders[folder_id] = name
        return folder_id

    def want(
        self, member: Member, pressing: Pressing, added: datetime, notes: str | None, rating: int | None
    ) -> Want:
        """Adds it, or changes what is said of it."""
        before = member.wants.get(pressing.id) or Want(pressing, next(self._numbers), added)
        want = Want(
            pressing,
            before.instance_id,
            before.added,
            before.notes if notes is None else notes,
            before.rating if rating is None else rating,
        )
        member.wants[pressing.id] = want
        return want

    def unwant(self, member: Member, release_id: int) -> None:
        if member.wants.pop(release_id, None) is None:
            raise not_found("Release")

    def add_copy(self, member: Member, folder_id: int, pressing: Pressing, added: datetime) -> Instance:
        """Always another copy, also when the same request comes again."""
        if folder_id == ALL or folder_id not in member.folders:
            raise DiscogsRefused(404 if folder_id else 403, "A release cannot be added to this folder.")
        instance = Instance(next(self._numbers), pressing, folder_id, added)
        member.instances[instance.id] = instance
        return instance

    def remove_copy(self, member: Member, folder_id: int, release_id: int, instance_id: int) -> None:
        held = member.instances.get(instance_id)
        if held is None or held.pressing.id != release_id or folder_id not in (ALL, held.folder_id):
            raise not_found("Instance")
        del member.instances[instance_id]
