"""A <release> record."""

import xml.etree.ElementTree as ET

from vinyl_catalog.domain.codes import catalog_number_of
from vinyl_catalog.domain.facts import (
    ReleaseFacts,
    SourceCompany,
    SourceFormat,
    SourceIdentifier,
    SourceLabel,
    SourceTrack,
)
from vinyl_catalog.imports.elements import (
    attribute_of,
    credits_in,
    foreign_id_of,
    number_of,
    own_id_of,
    text_of,
    texts_in,
    title_of,
    videos_in,
)

_DEEPEST = 8


def release_from(record: ET.Element) -> ReleaseFacts:
    """Raises BadRecord for one without id or title."""
    parts = {child.tag: child for child in record}
    discogs_id = own_id_of(record.get("id"))
    master = parts.get("master_id")
    return ReleaseFacts(
        discogs_release_id=discogs_id,
        title=title_of(parts.get("title"), discogs_id, "title"),
        discogs_master_id=foreign_id_of(text_of(master)),
        is_main_release=master is not None and master.get("is_main_release") == "true",
        artists=credits_in(parts.get("artists")),
        credits=credits_in(parts.get("extraartists")),
        country=text_of(parts.get("country")),
        released=text_of(parts.get("released")),
        formats=_formats_in(parts.get("formats")),
        labels=_labels_in(parts.get("labels")),
        identifiers=_identifiers_in(parts.get("identifiers")),
        companies=_companies_in(parts.get("companies")),
        tracks=_tracks_in(parts.get("tracklist")),
        genres=texts_in(parts.get("genres")),
        styles=texts_in(parts.get("styles")),
        notes=text_of(parts.get("notes")),
        videos=videos_in(parts.get("videos")),
    )


def _tracks_in(element: ET.Element | None, depth: int = 1) -> tuple[SourceTrack, ...]:
    """The tracks without wholly blank ones; nothing real nests deeper than two levels."""
    if element is None or depth > _DEEPEST:
        return ()
    return tuple(track for child in element if (track := _track_of(child, depth)) is not None)


def _track_of(element: ET.Element, depth: int) -> SourceTrack | None:
    parts = {child.tag: child for child in element}
    position, duration = text_of(parts.get("position")), text_of(parts.get("duration"))
    title = text_of(parts.get("title")) or ""
    artists = credits_in(parts.get("artists")) if "artists" in parts else ()
    credited = credits_in(parts.get("extraartists")) if "extraartists" in parts else ()
    sub_tracks = _tracks_in(parts["sub_tracks"], depth + 1) if "sub_tracks" in parts else ()
    if not (title or position or duration or artists or credited or sub_tracks):
        return None
    return SourceTrack(title, position, duration, artists, credited, sub_tracks)


def _formats_in(element: ET.Element | None) -> tuple[SourceFormat, ...]:
    return tuple(
        SourceFormat(
            attribute_of(child, "name") or "",
            number_of(child.get("qty")),
            attribute_of(child, "text"),
            texts_in(child.find("descriptions")),
        )
        for child in (element if element is not None else ())
    )


def _labels_in(element: ET.Element | None) -> tuple[SourceLabel, ...]:
    return tuple(
        SourceLabel(name, foreign_id_of(child.get("id")), catalog_number_of(child.get("catno")))
        for child in (element if element is not None else ())
        if (name := attribute_of(child, "name"))
    )


def _identifiers_in(element: ET.Element | None) -> tuple[SourceIdentifier, ...]:
    return tuple(
        SourceIdentifier(attribute_of(child, "type") or "Other", value, attribute_of(child, "description"))
        for child in (element if element is not None else ())
        if (value := attribute_of(child, "value"))
    )


def _companies_in(element: ET.Element | None) -> tuple[SourceCompany, ...]:
    companies = []
    for child in element if element is not None else ():
        values = {part.tag: text for part in child if (text := text_of(part))}
        number, name = foreign_id_of(values.get("id")), values.get("name")
        if name:
            catalog_number = catalog_number_of(values.get("catno"))
            companies.append(SourceCompany(name, number, values.get("entity_type_name"), catalog_number))
    return tuple(companies)
