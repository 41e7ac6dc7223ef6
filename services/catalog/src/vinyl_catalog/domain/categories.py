"""Categories of the showcase, which curators keep."""

from datetime import datetime
from typing import Annotated, Self

import msgspec
from msgspec import UNSET, Meta, UnsetType

from vinyl_catalog.domain import texts
from vinyl_contracts.errors import Invalid
from vinyl_contracts.ids import CategoryId

Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$(?!\n)", max_length=40)]
Color = Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}$(?!\n)")]
Line = Annotated[str, Meta(max_length=80)]
Passage = Annotated[str, Meta(max_length=2000)]


class CategoryEdit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An absent field stays as it is. `icon` is a name or a sign, `color` as "#1a2b3c"."""

    name: Line | UnsetType = UNSET
    slug: Slug | UnsetType = UNSET
    description: Passage | UnsetType | None = UNSET
    icon: Annotated[str, Meta(max_length=40)] | UnsetType | None = UNSET
    color: Color | UnsetType | None = UNSET


class Category(msgspec.Struct, frozen=True, kw_only=True):
    id: CategoryId
    slug: str = ""
    name: str = ""
    description: str | None = None
    icon: str | None = None
    color: str | None = None
    version: int = 0
    created_at: datetime
    updated_at: datetime

    def described(self, edit: CategoryEdit, at: datetime) -> Self:
        """The next version. Raises Invalid where it would have no name or no slug."""
        given = {name: value for name, value in msgspec.structs.asdict(edit).items() if value is not UNSET}
        changed = msgspec.structs.replace(self, **given, version=self.version + 1, updated_at=at)
        for field in ("name", "slug"):
            if not getattr(changed, field):
                raise Invalid.field(field, "is required")
        return msgspec.structs.replace(
            changed,
            name=texts.line("name", changed.name),
            description=texts.passage("description", changed.description),
            icon=None if changed.icon is None else texts.line("icon", changed.icon),
        )
