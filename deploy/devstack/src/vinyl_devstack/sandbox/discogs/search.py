"""Discogs' database search over the market's catalogue."""

from collections.abc import Callable, Iterator, Mapping

from msgspec import UNSET, Struct, UnsetType

from vinyl_devstack.sandbox.discogs.database_shapes import FormatRef, owners, seekers
from vinyl_devstack.sandbox.discogs.links import Links
from vinyl_devstack.sandbox.discogs.refusals import DiscogsFieldRefused
from vinyl_devstack.sandbox.market.catalogue import Catalogue
from vinyl_devstack.sandbox.market.pressing import Pressing, folded, squeezed, words_of

TYPES = ("release", "master", "artist", "label")


class Demand(Struct, frozen=True):
    want: int
    have: int


class UserData(Struct, frozen=True):
    in_wantlist: bool
    in_collection: bool


class Found(Struct, frozen=True):
    """One result of any type; the fields of a record are absent where it is an artist or a label."""

    type: str
    id: int
    title: str
    uri: str
    resource_url: str
    thumb: str = ""
    cover_image: str = ""
    user_data: UserData = UserData(in_wantlist=False, in_collection=False)
    master_id: int | None = None
    master_url: str | None = None
    country: str | UnsetType = UNSET
    year: str | UnsetType = UNSET
    format: list[str] | UnsetType = UNSET
    label: list[str] | UnsetType = UNSET
    genre: tuple[str, ...] | UnsetType = UNSET
    style: tuple[str, ...] | UnsetType = UNSET
    barcode: tuple[str, ...] | UnsetType = UNSET
    catno: str | UnsetType = UNSET
    community: Demand | UnsetType = UNSET
    format_quantity: int | UnsetType = UNSET
    formats: list[FormatRef] | UnsetType = UNSET


FIELDS: dict[str, Callable[[Pressing], str]] = {
    "title": lambda each: f"{each.artist} - {each.title}",
    "release_title": lambda each: each.title,
    "artist": lambda each: " ".join((each.artist, *(credit.name for credit in each.artists))),
    "label": lambda each: each.label,
    "genre": lambda each: " ".join(each.genres),
    "style": lambda each: " ".join(each.styles),
    "country": lambda each: each.country,
    "year": lambda each: str(each.year or ""),
    "format": lambda each: " ".join(
        word for form in each.formats for word in (form.name, *form.descriptions)
    ),
    "track": lambda each: " ".join(track.title for track in each.tracks),
}
CODES: dict[str, Callable[[Pressing], list[str]]] = {
    "barcode": lambda each: list(each.barcodes),
    "catno": lambda each: [credit.catalogue_number for credit in each.labels],
}


def search(catalogue: Catalogue, query: Mapping[str, str], links: Links) -> list[Found]:
    """All results in a steady order: masters, releases, artists, labels."""
    wanted = query.get("type", "")
    if wanted and wanted not in TYPES:
        raise DiscogsFieldRefused("query", "type", f"value is not one of {', '.join(TYPES)}")
    matching = [each for each in catalogue.with_words(query.get("q", "")) if _fits(each, query)]
    kinds = {"master": _masters, "release": _releases, "artist": _artists, "label": _labels}
    return [
        found
        for kind, find in kinds.items()
        if wanted in ("", kind)
        for found in find(matching, query, links)
    ]


def _fits(pressing: Pressing, query: Mapping[str, str]) -> bool:
    by_words = all(
        folded(query[name]) in folded(read(pressing)) for name, read in FIELDS.items() if name in query
    )
    by_code = all(
        any(squeezed(query[name]) in squeezed(code) for code in read(pressing))
        for name, read in CODES.items()
        if name in query
    )
    return by_words and by_code


def _releases(matching: list[Pressing], _: Mapping[str, str], links: Links) -> Iterator[Found]:
    for each in matching:
        yield _record(each, links, "release", each.id, links.release(each.id))


def _masters(matching: list[Pressing], _: Mapping[str, str], links: Links) -> Iterator[Found]:
    first = {each.master_id: each for each in reversed(matching) if each.master_id}
    for master_id, each in sorted(first.items()):
        yield _record(each, links, "master", master_id, links.master(master_id))


def _artists(matching: list[Pressing], query: Mapping[str, str], links: Links) -> Iterator[Found]:
    names = {credit.id: credit.name for each in matching for credit in each.artists}
    for id_, name in _named(names, query.get("q", "")):
        yield Found("artist", id_, name, f"/artist/{id_}", links.artist(id_))


def _labels(matching: list[Pressing], query: Mapping[str, str], links: Links) -> Iterator[Found]:
    names = {credit.id: credit.name for each in matching for credit in each.labels}
    for id_, name in _named(names, query.get("q", "")):
        yield Found("label", id_, name, f"/label/{id_}", links.label(id_))


def _named(names: Mapping[int, str], query: str) -> Iterator[tuple[int, str]]:
    """Only by the words of `q`: a barcode finds records, not people."""
    words = set(words_of(query))
    return (
        (id_, name) for id_, name in sorted(names.items()) if id_ and words and words <= set(words_of(name))
    )


def _record(pressing: Pressing, links: Links, type_: str, id_: int, address: str) -> Found:
    return Found(
        type=type_,
        id=id_,
        title=f"{pressing.artist} - {pressing.title}",
        uri=f"/{type_}/{id_}",
        resource_url=address,
        master_id=pressing.master_id,
        master_url=links.master(pressing.master_id) if pressing.master_id else None,
        country=pressing.country,
        year=str(pressing.year) if pressing.year else UNSET,
        format=[word for form in pressing.formats for word in (form.name, *form.descriptions)],
        label=list(dict.fromkeys(each.name for each in pressing.labels)),
        genre=pressing.genres,
        style=pressing.styles,
        barcode=pressing.barcodes,
        catno=pressing.catalogue_number,
        community=Demand(seekers(pressing.id), owners(pressing.id)),
        format_quantity=pressing.discs if type_ == "release" else UNSET,
        formats=[FormatRef.of(each) for each in pressing.formats] if type_ == "release" else UNSET,
    )
