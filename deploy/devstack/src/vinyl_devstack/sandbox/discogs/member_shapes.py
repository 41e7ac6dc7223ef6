"""People, their wants and their collections as Discogs writes them."""

from datetime import datetime

from msgspec import Struct

from vinyl_devstack.sandbox.discogs.database_shapes import ArtistRef, FormatRef, LabelRef
from vinyl_devstack.sandbox.discogs.links import Links
from vinyl_devstack.sandbox.discogs.members import Instance, Member, Want
from vinyl_devstack.sandbox.market.pressing import Pressing
from vinyl_devstack.sandbox.market.shops import Shop


class IdentityView(Struct, frozen=True):
    id: int
    username: str
    resource_url: str
    consumer_name: str


class ProfileView(Struct, frozen=True):
    id: int
    username: str
    name: str
    resource_url: str
    uri: str
    profile: str
    home_page: str
    location: str
    registered: str
    avatar_url: str
    banner_url: str
    inventory_url: str
    wantlist_url: str
    collection_folders_url: str
    collection_fields_url: str
    num_for_sale: int
    num_collection: int
    num_lists: int
    num_pending: int
    releases_contributed: int
    releases_rated: int
    rank: float
    rating_avg: float
    curr_abbr: str
    seller_rating: float
    seller_rating_stars: float
    seller_num_ratings: int
    buyer_rating: float
    buyer_rating_stars: float
    buyer_num_ratings: int

    @classmethod
    def of(
        cls,
        username: str,
        id_: int,
        shop: Shop | None,
        for_sale: int,
        owned: int,
        registered: datetime,
        links: Links,
    ) -> "ProfileView":
        address = links.user(username)
        rating = float(shop.rating) if shop else 0.0
        return cls(
            id=id_,
            username=username,
            name=username,
            resource_url=address,
            uri=links.page("user", username),
            profile="This account exists only in the sandbox.",
            home_page="",
            location=f"{shop.city}, {shop.country_name}" if shop else "",
            registered=registered.isoformat(timespec="seconds"),
            avatar_url="",
            banner_url="",
            inventory_url=f"{address}/inventory",
            wantlist_url=f"{address}/wants",
            collection_folders_url=f"{address}/collection/folders",
            collection_fields_url=f"{address}/collection/fields",
            num_for_sale=for_sale,
            num_collection=owned,
            num_lists=0,
            num_pending=0,
            releases_contributed=0,
            releases_rated=0,
            rank=0.0,
            rating_avg=0.0,
            curr_abbr=shop.currency if shop else "",
            seller_rating=rating,
            seller_rating_stars=round(rating / 10) / 2,
            seller_num_ratings=shop.rated_by if shop else 0,
            buyer_rating=0.0,
            buyer_rating_stars=0.0,
            buyer_num_ratings=0,
        )


class BasicInformation(Struct, frozen=True):
    id: int
    master_id: int
    master_url: str | None
    resource_url: str
    title: str
    year: int
    formats: list[FormatRef]
    labels: list[LabelRef]
    artists: list[ArtistRef]
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    thumb: str = ""
    cover_image: str = ""

    @classmethod
    def of(cls, pressing: Pressing, links: Links) -> "BasicInformation":
        return cls(
            id=pressing.id,
            master_id=pressing.master_id or 0,
            master_url=links.master(pressing.master_id) if pressing.master_id else None,
            resource_url=links.release(pressing.id),
            title=pressing.title,
            year=pressing.year,
            formats=[FormatRef.of(each) for each in pressing.formats],
            labels=[LabelRef.of(each, links) for each in pressing.labels],
            artists=[ArtistRef.of(each, links) for each in pressing.artists],
            genres=pressing.genres,
            styles=pressing.styles,
        )


class WantView(Struct, frozen=True):
    id: int
    instance_id: int
    folder_id: int
    resource_url: str
    rating: int
    notes: str
    date_added: str
    basic_information: BasicInformation

    @classmethod
    def of(cls, want: Want, username: str, links: Links) -> "WantView":
        return cls(
            id=want.pressing.id,
            instance_id=want.instance_id,
            folder_id=0,
            resource_url=f"{links.user(username)}/wants/{want.pressing.id}",
            rating=want.rating,
            notes=want.notes,
            date_added=want.added.isoformat(timespec="seconds"),
            basic_information=BasicInformation.of(want.pressing, links),
        )


class NoteView(Struct, frozen=True):
    field_id: int
    value: str


class InstanceView(Struct, frozen=True):
    id: int
    instance_id: int
    folder_id: int
    rating: int
    date_added: str
    resource_url: str
    notes: list[NoteView]
    basic_information: BasicInformation

    @classmethod
    def of(cls, instance: Instance, links: Links) -> "InstanceView":
        return cls(
            id=instance.pressing.id,
            instance_id=instance.id,
            folder_id=instance.folder_id,
            rating=instance.rating,
            date_added=instance.added.isoformat(timespec="seconds"),
            resource_url=links.release(instance.pressing.id),
            notes=[],
            basic_information=BasicInformation.of(instance.pressing, links),
        )


class FolderView(Struct, frozen=True):
    id: int
    count: int
    name: str
    resource_url: str

    @classmethod
    def of(cls, folder_id: int, member: Member, links: Links) -> "FolderView":
        held = len(member.in_folder(folder_id))
        return cls(folder_id, held, member.folders[folder_id], links.folder(member.username, folder_id))


class FoldersView(Struct, frozen=True):
    folders: list[FolderView]


class InstanceAdded(Struct, frozen=True):
    instance_id: int
    resource_url: str
