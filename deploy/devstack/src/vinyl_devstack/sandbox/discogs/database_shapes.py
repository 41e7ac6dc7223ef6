"""Releases, masters and artists as Discogs' database writes them."""

from datetime import UTC, datetime

from msgspec import UNSET, Struct, UnsetType

from vinyl_devstack.sandbox.discogs.links import Links
from vinyl_devstack.sandbox.market.catalogue import Album, Artist
from vinyl_devstack.sandbox.market.chance import between
from vinyl_devstack.sandbox.market.pressing import (
    ArtistCredit,
    Company,
    Format,
    LabelCredit,
    Pressing,
    TrackLine,
    Video,
)

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SUBMITTER = "sandbox-archivist"
ENTITY_TYPES = {
    "Pressed By": "17",
    "Recorded At": "23",
    "Phonographic Copyright (p)": "13",
    "Copyright (c)": "14",
    "Mastered At": "29",
}
ENTERED = datetime(2012, 4, 1, tzinfo=UTC)


class ArtistRef(Struct, frozen=True):
    name: str
    anv: str
    join: str
    role: str
    tracks: str
    id: int
    resource_url: str
    thumbnail_url: str = ""

    @classmethod
    def of(cls, credit: ArtistCredit, links: Links) -> "ArtistRef":
        address = links.artist(credit.id)
        return cls(credit.name, credit.variation, credit.join, credit.role, credit.tracks, credit.id, address)


class LabelRef(Struct, frozen=True):
    name: str
    catno: str
    entity_type: str
    entity_type_name: str
    id: int
    resource_url: str
    thumbnail_url: str = ""

    @classmethod
    def of(cls, credit: LabelCredit, links: Links) -> "LabelRef":
        return cls(credit.name, credit.catalogue_number, "1", "Label", credit.id, links.label(credit.id))


class CompanyRef(Struct, frozen=True):
    name: str
    catno: str
    entity_type: str
    entity_type_name: str
    id: int
    resource_url: str

    @classmethod
    def of(cls, company: Company, links: Links) -> "CompanyRef":
        kind = ENTITY_TYPES.get(company.role, "0")
        number = company.catalogue_number
        return cls(company.name, number, kind, company.role, company.id, links.label(company.id))


class VideoRef(Struct, frozen=True):
    uri: str
    title: str
    description: str
    duration: int
    embed: bool = True

    @classmethod
    def of(cls, video: Video) -> "VideoRef":
        return cls(video.address, video.title, video.title, video.seconds)


class FormatRef(Struct, frozen=True):
    name: str
    qty: str
    text: str | UnsetType = UNSET
    descriptions: tuple[str, ...] | UnsetType = UNSET

    @classmethod
    def of(cls, form: Format) -> "FormatRef":
        return cls(form.name, str(form.quantity), form.text or UNSET, form.descriptions or UNSET)


class TrackRef(Struct, frozen=True):
    position: str
    type_: str
    title: str
    duration: str

    @classmethod
    def of(cls, track: TrackLine) -> "TrackRef":
        kind = "track" if track.position or track.duration else "heading"
        return cls(track.position, kind, track.title, track.duration)


class IdentifierRef(Struct, frozen=True):
    type: str
    value: str
    description: str


class UserRef(Struct, frozen=True):
    username: str
    resource_url: str


class RatingView(Struct, frozen=True):
    count: int
    average: float


class ReleaseCommunity(Struct, frozen=True):
    have: int
    want: int
    rating: RatingView
    submitter: UserRef
    contributors: list[UserRef]
    data_quality: str
    status: str

    @classmethod
    def of(cls, pressing: Pressing, links: Links) -> "ReleaseCommunity":
        submitter = UserRef(SUBMITTER, links.user(SUBMITTER))
        rating = RatingView(
            between(0, 300, "rated", pressing.id), between(300, 490, "average", pressing.id) / 100
        )
        have, want = owners(pressing.id), seekers(pressing.id)
        return cls(have, want, rating, submitter, [submitter], "Correct", "Accepted")


class ReleaseView(Struct, frozen=True):
    id: int
    status: str
    year: int
    resource_url: str
    uri: str
    artists: list[ArtistRef]
    artists_sort: str
    labels: list[LabelRef]
    series: list[LabelRef]
    companies: list[CompanyRef]
    formats: list[FormatRef]
    data_quality: str
    community: ReleaseCommunity
    format_quantity: int
    date_added: str
    date_changed: str
    num_for_sale: int
    lowest_price: float | None
    title: str
    country: str
    released: str
    notes: str
    released_formatted: str
    identifiers: list[IdentifierRef]
    videos: list[VideoRef]
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    tracklist: list[TrackRef]
    extraartists: list[ArtistRef]
    images: list[str]
    thumb: str
    estimated_weight: int
    blocked_from_sale: bool
    is_offensive: bool
    master_id: int | UnsetType = UNSET
    master_url: str | UnsetType = UNSET

    @classmethod
    def of(cls, pressing: Pressing, links: Links, for_sale: int, lowest_price: float | None) -> "ReleaseView":
        return cls(
            id=pressing.id,
            status="Accepted",
            year=pressing.year,
            resource_url=links.release(pressing.id),
            uri=links.page("release", pressing.id),
            artists=[ArtistRef.of(each, links) for each in pressing.artists],
            artists_sort=pressing.artist,
            labels=[LabelRef.of(each, links) for each in pressing.labels],
            series=[],
            companies=[CompanyRef.of(each, links) for each in pressing.companies],
            formats=[FormatRef.of(each) for each in pressing.formats],
            data_quality="Correct",
            community=ReleaseCommunity.of(pressing, links),
            format_quantity=pressing.discs,
            date_added=ENTERED.isoformat(),
            date_changed=ENTERED.isoformat(),
            num_for_sale=for_sale,
            lowest_price=lowest_price,
            title=pressing.title,
            country=pressing.country,
            released=pressing.released,
            notes=pressing.notes,
            released_formatted=written_date(pressing.released),
            identifiers=[
                IdentifierRef(each.type, each.value, each.description) for each in pressing.identifiers
            ],
            videos=[VideoRef.of(each) for each in pressing.videos],
            genres=pressing.genres,
            styles=pressing.styles,
            tracklist=[TrackRef.of(each) for each in pressing.tracks],
            extraartists=[ArtistRef.of(each, links) for each in pressing.credits],
            images=[],
            thumb="",
            estimated_weight=230 * pressing.discs if pressing.is_vinyl else 85 * pressing.discs,
            blocked_from_sale=False,
            is_offensive=False,
            master_id=pressing.master_id or UNSET,
            master_url=links.master(pressing.master_id) if pressing.master_id else UNSET,
        )


class MasterView(Struct, frozen=True):
    id: int
    main_release: int
    most_recent_release: int
    resource_url: str
    uri: str
    versions_url: str
    main_release_url: str
    most_recent_release_url: str
    num_for_sale: int
    lowest_price: float | None
    images: list[str]
    genres: tuple[str, ...]
    styles: tuple[str, ...]
    year: int
    tracklist: list[TrackRef]
    artists: list[ArtistRef]
    title: str
    data_quality: str
    videos: list[VideoRef]

    @classmethod
    def of(
        cls, id_: int, album: Album, links: Links, for_sale: int, lowest_price: float | None
    ) -> "MasterView":
        newest = max(album.pressings, key=lambda each: (each.year, each.id))
        return cls(
            id=id_,
            main_release=album.main.id,
            most_recent_release=newest.id,
            resource_url=links.master(id_),
            uri=links.page("master", id_),
            versions_url=f"{links.master(id_)}/versions",
            main_release_url=links.release(album.main.id),
            most_recent_release_url=links.release(newest.id),
            num_for_sale=for_sale,
            lowest_price=lowest_price,
            images=[],
            genres=album.main.genres,
            styles=album.main.styles,
            year=min((each.year for each in album.pressings if each.year), default=0),
            tracklist=[TrackRef.of(each) for each in album.main.tracks],
            artists=[ArtistRef.of(each, links) for each in album.main.artists],
            title=album.main.title,
            data_quality="Correct",
            videos=[VideoRef.of(each) for each in album.main.videos],
        )


class OwnersAndSeekers(Struct, frozen=True):
    in_wantlist: int
    in_collection: int


class ReleaseStats(Struct, frozen=True):
    """`user` speaks of the caller and is absent where nobody signed in."""

    community: OwnersAndSeekers
    user: OwnersAndSeekers | UnsetType = UNSET

    @classmethod
    def of(cls, release_id: int, mine: OwnersAndSeekers | UnsetType) -> "ReleaseStats":
        return cls(OwnersAndSeekers(seekers(release_id), owners(release_id)), mine)


class VersionView(Struct, frozen=True):
    id: int
    label: str
    country: str
    title: str
    major_formats: list[str]
    format: str
    catno: str
    released: str
    status: str
    resource_url: str
    thumb: str
    stats: ReleaseStats

    @classmethod
    def of(cls, pressing: Pressing, links: Links, mine: OwnersAndSeekers | UnsetType) -> "VersionView":
        return cls(
            id=pressing.id,
            label=pressing.label,
            country=pressing.country,
            title=pressing.title,
            major_formats=[each.name for each in pressing.formats],
            format=", ".join(detail for each in pressing.formats for detail in each.descriptions),
            catno=pressing.catalogue_number,
            released=pressing.released[:4],
            status="Accepted",
            resource_url=links.release(pressing.id),
            thumb="",
            stats=ReleaseStats.of(pressing.id, mine),
        )


class ArtistView(Struct, frozen=True):
    name: str
    id: int
    resource_url: str
    uri: str
    releases_url: str
    images: list[str]
    profile: str
    urls: list[str]
    namevariations: tuple[str, ...]
    aliases: list[str]
    members: list[str]
    data_quality: str

    @classmethod
    def of(cls, artist: Artist, links: Links) -> "ArtistView":
        return cls(
            name=artist.name,
            id=artist.id,
            resource_url=links.artist(artist.id),
            uri=links.page("artist", artist.id),
            releases_url=f"{links.artist(artist.id)}/releases",
            images=[],
            profile="",
            urls=[],
            namevariations=artist.variations,
            aliases=[],
            members=[],
            data_quality="Correct",
        )


def owners(release_id: int) -> int:
    return between(3, 900, "have", release_id)


def seekers(release_id: int) -> int:
    return between(0, 400, "want", release_id)


def written_date(released: str) -> str:
    """`1999-03-00` as `Mar 1999`; what does not read as a date stays as it is."""
    year, month, day = [*released.split("-"), "", ""][:3]
    if not (month.isdigit() and 1 <= int(month) <= 12):
        return year if month in ("", "00") else released
    written = f"{MONTHS[int(month) - 1]} {year}"
    return f"{day} {written}" if day.isdigit() and int(day) else written
