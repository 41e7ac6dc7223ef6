"""An <artist> record."""

import xml.etree.ElementTree as ET

from vinyl_catalog.domain.facts import ArtistFacts
from vinyl_catalog.imports.elements import own_id_of, references_in, text_of, texts_in, title_of


def artist_from(record: ET.Element) -> ArtistFacts:
    """Raises BadRecord for one without id or name."""
    parts = {child.tag: child for child in record}
    discogs_id = own_id_of(text_of(parts.get("id")))
    return ArtistFacts(
        discogs_artist_id=discogs_id,
        name=title_of(parts.get("name"), discogs_id, "name"),
        real_name=text_of(parts.get("realname")),
        profile=text_of(parts.get("profile")),
        name_variations=texts_in(parts.get("namevariations")),
        urls=texts_in(parts.get("urls")),
        aliases=references_in(parts.get("aliases")),
        members=references_in(parts.get("members")),
        groups=references_in(parts.get("groups")),
    )
