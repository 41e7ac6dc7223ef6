"""Patterns read a release as the parser of XML does, or leave it to it."""

import gzip
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from vinyl_catalog.domain.facts import ReleaseFacts
from vinyl_catalog.imports.elements import parse
from vinyl_catalog.imports.kinds import BadRecord
from vinyl_catalog.imports.release_records import release_from
from vinyl_catalog.imports.usual_releases import usual_release

RECORD = (
    '<release id="7" status="Accepted"><images><image type="primary" uri="" width="6"/></images>'
    "<artists><artist><id>1</id><name>Bj\u00f6rk</name><anv>B</anv><join>&amp;</join><role/><tracks>"
    "</tracks></artist><artist><id>0</id><name>&#214;rchestra</name><anv/><join/><role/><tracks/></artist>"
    '</artists><title>Post&#13;\n</title><labels><label name="Svek" catno="SK 1" id="5"/></labels>'
    '<formats><format name="Vinyl" qty="2" text=""><descriptions><description>12"</description>'
    "</descriptions></format></formats><genres><genre>Pop</genre></genres><styles/><country>UK</country>"
    "<released>1995-06-00</released><notes>One.\n\nTwo.</notes><data_quality>Correct</data_quality>"
    '<master_id is_main_release="true">9</master_id><tracklist><track><position>A</position><title>Army'
    "</title><duration/><artists><artist><id>2</id><name>Me</name><anv>Me</anv><join/><role/><tracks/></artist>"
    "</artists><extraartists><artist><id>3</id><name>You</name><anv/><join/><role>Bass</role><tracks/></artist>"
    "</extraartists></track><track><position></position><title> </title><duration></duration></track>"
    '</tracklist><identifiers><identifier type="Barcode" description="x" value="50 11"/></identifiers>'
    '<videos><video src="u" duration="9" embed="true"><title>V</title><description/></video></videos>'
    "<companies><company><id>4</id><name>MPO</name><catno>none</catno><entity_type>1</entity_type>"
    "<entity_type_name>Made By</entity_type_name><resource_url>u</resource_url></company></companies>"
    "</release>"
)
PIECES = (
    '< > & " &lt; &quot; &#60; &#1; &#xb7; &#55296; &x; ]]> <!----> <b/> \0 \r \n \t \ufffe \u00a0 7 x'.split(
        " "
    )
)


def parsed(content: bytes) -> ReleaseFacts | None:
    try:
        return release_from(parse(content))
    except BadRecord:
        return None


def is_well_formed(content: bytes) -> bool:
    """The parser takes control characters out before it sets a record aside."""
    try:
        ET.fromstring(content)  # noqa: S314
    except ET.ParseError:
        return False
    return True


def test_the_usual_spelling_is_read() -> None:
    assert usual_release(RECORD.encode()) == parsed(RECORD.encode()) != None  # noqa: E711 - neither is None


@pytest.mark.parametrize("piece", ["", *PIECES])
def test_a_record_damaged_anywhere_is_read_as_the_parser_reads_it(piece: str) -> None:
    """Each letter is left out in turn, or has the piece before it."""
    for at in range(len(RECORD)):
        content = (RECORD[:at] + piece + RECORD[at + (not piece) :]).encode()
        if (found := usual_release(content)) is not None:
            assert is_well_formed(content), (at, content)
            assert found == parsed(content), (at, content)


def test_bytes_that_are_no_text_are_left_to_the_parser() -> None:
    assert usual_release(RECORD.encode("latin-1", "replace")) is None


def test_nearly_all_real_releases_are_usual(real_dump: Path) -> None:
    [path] = real_dump.glob("discogs_*_releases.xml.gz")
    pieces = gzip.decompress(path.read_bytes()).split(b"<releases>")[1].split(b"</release>")[:-1]
    contents = [piece.lstrip() + b"</release>" for piece in pieces]
    found = {content: usual_release(content) for content in contents}
    assert sum(facts is not None for facts in found.values()) > 0.95 * len(contents)
    for content, facts in found.items():
        assert facts is None or facts == parsed(content)
