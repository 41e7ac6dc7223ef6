"""What a listener shows of themselves."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from vinyl_contracts.errors import Invalid
from vinyl_contracts.ids import UserId
from vinyl_contracts.money import CURRENCIES
from vinyl_user.domain import texts
from vinyl_user.domain.countries import COUNTRIES
from vinyl_user.domain.edits import pick

FIRST_CURRENCY = "EUR"


class ProfileEdit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change: an absent field stays as it is, null empties it."""

    display_name: Annotated[str, Meta(max_length=80)] | UnsetType | None = UNSET
    bio: Annotated[str, Meta(max_length=2000)] | UnsetType | None = UNSET
    country: str | UnsetType | None = UNSET
    currency: str | UnsetType = UNSET
    avatar_media_id: UUID | UnsetType | None = UNSET
    is_public: bool | UnsetType = UNSET


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """`country` is an ISO 3166-1 code, `currency` an ISO 4217 code: what prices are converted to."""

    id: UserId
    username: str
    email: str
    display_name: str | None = None
    bio: str | None = None
    country: str | None = None
    currency: str = FIRST_CURRENCY
    avatar_media_id: UUID | None = None
    is_public: bool = True
    version: int = 1
    created_at: datetime
    updated_at: datetime

    def edited(self, edit: ProfileEdit, at: datetime) -> Self:
        """The next version. Raises Invalid for an unknown country or currency and for control characters."""
        return msgspec.structs.replace(
            self,
            display_name=texts.line("display_name", pick(edit.display_name, self.display_name)),
            bio=texts.passage("bio", pick(edit.bio, self.bio)),
            country=_country(pick(edit.country, self.country)),
            currency=_currency(pick(edit.currency, self.currency)),
            avatar_media_id=pick(edit.avatar_media_id, self.avatar_media_id),
            is_public=pick(edit.is_public, self.is_public),
            version=self.version + 1,
            updated_at=at,
        )


class PublicProfile(msgspec.Struct, frozen=True):
    """A profile with how much stands behind it."""

    profile: Profile
    collection_count: int
    want_count: int

    @property
    def version(self) -> str:
        """Changes with everything that is shown."""
        return f"{self.profile.version}-{self.collection_count}-{self.want_count}"


def _country(code: str | None) -> str | None:
    if code is not None and code not in COUNTRIES:
        raise Invalid.field("country", "must be an ISO 3166-1 code in capitals, such as DE")
    return code


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise Invalid.field("currency", "must be an ISO 4217 code in capitals, such as EUR")
    return code
