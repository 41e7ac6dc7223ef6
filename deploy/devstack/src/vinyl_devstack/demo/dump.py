"""The catalogue as the four files of a Discogs dump: gzipped XML, a record a line, in the dump's order."""

import gzip
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import Path

from vinyl_devstack.demo import ids
from vinyl_devstack.demo.facts import (
    Album,
    Artist,
    Catalogue,
    Company,
    Credit,
    Format,
    Label,
    Pressing,
    Track,
)

KINDS = ("artists", "labels", "masters", "releases")
QUALITY = "Correct"
ENTITY_TYPES = {"Recorded At": 23, "Mixed At": 27, "Mastered At": 29, "Recorded By": 39}


def write_dump(catalogue: Catalogue, folder: Path) -> list[Path]:
    """The files, in the order in which they are to be imported. The same catalogue gives the same bytes."""
    records = {
        "artists": (artist_record(artist, catalogue) for artist in catalogue.artists),
        "labels": (label_record(label, catalogue) for label in catalogue.labels),
        "masters": (master_record(album) for album in catalogue.albums if album.has_master),
        "releases": release_records(catalogue.albums),
    }
    return [write_file(folder / f"demo_{kind}.xml.gz", kind, records[kind]) for kind in KINDS]


def write_file(path: Path, kind: str, records: Iterable[ET.Element]) -> Path:
    lines = [f"<{kind}>", *(ET.tostring(record, "unicode") for record in records), f"</{kind}>", ""]
    path.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    return path


def artist_record(artist: Artist, catalogue: Catalogue) -> ET.Element:
    record = ET.Element("artist")
    add(record, "id", ids.artist_id(artist.name))
    add(record, "name", artist.name)
    if artist.real_name:
        add(record, "realname", artist.real_name)
    add(record, "profile", artist.profile)
    add(record, "data_quality", QUALITY)
    add_texts(record, "urls", "url", artist.urls)
    add_texts(record, "namevariations", "name", artist.variations)
    add_names(record, "aliases", catalogue.aliases.get(artist.name, ()))
    add_names(record, "members", artist.members, with_ids=True)
    add_names(record, "groups", catalogue.groups.get(artist.name, ()))
    return record


def label_record(label: Label, catalogue: Catalogue) -> ET.Element:
    record = ET.Element("label")
    add(record, "id", ids.label_id(label.name))
    add(record, "name", label.name)
    if label.profile:
        add(record, "profile", label.profile)
    add(record, "data_quality", QUALITY)
    if label.parent:
        add(record, "parentLabel", label.parent, id=ids.label_id(label.parent))
    add_texts(record, "urls", "url", label.urls)
    if sublabels := catalogue.sublabels.get(label.name):
        place = add(record, "sublabels")
        for name in sublabels:
            add(place, "label", name, id=ids.label_id(name))
    return record


def master_record(album: Album) -> ET.Element:
    record = ET.Element("master", id=str(ids.master_id(album.number)))
    add(record, "main_release", ids.release_id(album.number, album.pressings[0].number))
    add_credits(record, "artists", album.artists)
    add_texts(record, "genres", "genre", album.genres)
    add_texts(record, "styles", "style", album.styles)
    if album.notes:
        add(record, "notes", album.notes)
    add(record, "year", album.year)
    add(record, "title", album.title)
    add(record, "data_quality", QUALITY)
    return record


def release_records(albums: Iterable[Album]) -> Iterator[ET.Element]:
    return (release_record(album, pressing) for album in albums for pressing in album.pressings)


def release_record(album: Album, pressing: Pressing) -> ET.Element:
    number = ids.release_id(album.number, pressing.number)
    record = ET.Element("release", id=str(number), status="Accepted")
    add_credits(record, "artists", pressing.artists)
    add(record, "title", pressing.title)
    labels = add(record, "labels")
    for label in pressing.labels:
        add(labels, "label", name=label.name, catno=label.catalog_number, id=ids.label_id(label.name))
    add_credits(record, "extraartists", album.credits)
    add_formats(record, pressing.formats)
    add_texts(record, "genres", "genre", album.genres)
    add_texts(record, "styles", "style", album.styles)
    add(record, "country", pressing.country)
    add(record, "released", pressing.released)
    if album.notes:
        add(record, "notes", album.notes)
    add(record, "data_quality", QUALITY)
    if album.has_master:
        is_main = "true" if pressing is album.pressings[0] else "false"
        add(record, "master_id", ids.master_id(album.number), is_main_release=is_main)
    add_tracks(record, "tracklist", pressing.tracks)
    identifiers = add(record, "identifiers")
    for identifier in pressing.identifiers:
        about = {"description": identifier.description} if identifier.description else {}
        add(identifiers, "identifier", type=identifier.type, value=identifier.value, **about)
    add_companies(record, album.companies)
    return record


def add_formats(record: ET.Element, formats: Iterable[Format]) -> None:
    place = add(record, "formats")
    for each in formats:
        element = add(place, "format", name=each.name, qty=each.quantity, text=each.text)
        add_texts(element, "descriptions", "description", each.descriptions)


def add_tracks(record: ET.Element, tag: str, tracks: Iterable[Track]) -> None:
    place = add(record, tag)
    for track in tracks:
        element = add(place, "track")
        add(element, "position", track.position)
        add(element, "title", track.title)
        add(element, "duration", track.duration)
        if track.sub_tracks:
            add_tracks(element, "sub_tracks", track.sub_tracks)
        if track.artists:
            add_credits(element, "artists", track.artists)


def add_companies(record: ET.Element, companies: Iterable[Company]) -> None:
    place = add(record, "companies")
    for company in companies:
        element = add(place, "company")
        number = ids.label_id(company.name)
        add(element, "id", number)
        add(element, "name", company.name)
        add(element, "catno")
        add(element, "entity_type", ENTITY_TYPES[company.role])
        add(element, "entity_type_name", company.role)
        add(element, "resource_url", f"https://api.discogs.com/labels/{number}")


def add_credits(record: ET.Element, tag: str, credited: Iterable[Credit]) -> None:
    place = add(record, tag)
    for credit in credited:
        element = add(place, "artist")
        add(element, "id", ids.artist_id(credit.name))
        add(element, "name", credit.name)
        add(element, "anv", credit.credited_as)
        add(element, "join", credit.join)
        add(element, "role", credit.role)
        add(element, "tracks", credit.tracks)


def add_names(record: ET.Element, tag: str, names: Iterable[str], *, with_ids: bool = False) -> None:
    """Other artists; the dump says the ids of members twice."""
    place = ET.Element(tag)
    for name in names:
        if with_ids:
            add(place, "id", ids.artist_id(name))
        add(place, "name", name, id=ids.artist_id(name))
    if len(place):
        record.append(place)


def add_texts(record: ET.Element, tag: str, each: str, texts: Iterable[str]) -> None:
    place = ET.Element(tag)
    for text in texts:
        add(place, each, text)
    if len(place):
        record.append(place)


def add(parent: ET.Element, tag: str, text: str | int = "", **attributes: str | int) -> ET.Element:
    element = ET.SubElement(parent, tag, {name: str(value) for name, value in attributes.items()})
    element.text = str(text) or None
    return element
