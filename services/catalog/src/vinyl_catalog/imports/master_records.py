"""A <master> record."""

import xml.etree.ElementTree as ET

from vinyl_catalog.domain.facts import MasterFacts
from vinyl_catalog.domain.released import year_of
from vinyl_catalog.imports.elements import (
    credits_in,
    foreign_id_of,
    own_id_of,
    text_of,
    texts_in,
    title_of,
    videos_in,
)


def master_from(record: ET.Element) -> MasterFacts:
    """Raises BadRecord for one without id or title."""
    parts = {child.tag: child for child in record}
    discogs_id = own_id_of(record.get("id"))
    return MasterFacts(
        discogs_master_id=discogs_id,
        title=title_of(parts.get("title"), discogs_id, "title"),
        discogs_main_release_id=foreign_id_of(text_of(parts.get("main_release"))),
        artists=credits_in(parts.get("artists")),
        year=year_of(text_of(parts.get("year"))),
        genres=texts_in(parts.get("genres")),
        styles=texts_in(parts.get("styles")),
        notes=text_of(parts.get("notes")),
        videos=videos_in(parts.get("videos")),
    )
