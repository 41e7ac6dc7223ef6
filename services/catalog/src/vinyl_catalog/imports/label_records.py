"""A <label> record. Its list of sublabels is not kept: it follows from the labels that name it as parent."""

import xml.etree.ElementTree as ET

from vinyl_catalog.domain.facts import LabelFacts, Reference
from vinyl_catalog.imports.elements import foreign_id_of, own_id_of, text_of, texts_in, title_of


def label_from(record: ET.Element) -> LabelFacts:
    """Raises BadRecord for one without id or name."""
    parts = {child.tag: child for child in record}
    discogs_id = own_id_of(text_of(parts.get("id")))
    return LabelFacts(
        discogs_label_id=discogs_id,
        name=title_of(parts.get("name"), discogs_id, "name"),
        contact=text_of(parts.get("contactinfo")),
        profile=text_of(parts.get("profile")),
        urls=texts_in(parts.get("urls")),
        parent=_parent_in(parts.get("parentLabel")),
    )


def _parent_in(element: ET.Element | None) -> Reference | None:
    name = text_of(element)
    number = foreign_id_of(element.get("id")) if element is not None else None
    return Reference(number, name) if number and name else None
