"""Facts as rows to stage: the document, and the columns that lists, filters and searches need."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from vinyl_catalog.domain.codes import barcode_of, folded_catalog_number
from vinyl_catalog.domain.countries import country_code_of
from vinyl_catalog.domain.facts import (
    ArtistFacts,
    LabelFacts,
    MasterFacts,
    ReleaseFacts,
    SourceCredit,
    SourceTrack,
)
from vinyl_catalog.domain.folding import folded
from vinyl_catalog.domain.released import released_of
from vinyl_catalog.domain.songs import release_id_from
from vinyl_catalog.store.documents import document_of
from vinyl_catalog.store.staged import (
    ARTIST,
    LABEL,
    Mentioned,
    StagedMaster,
    StagedName,
    StagedRelease,
)
from vinyl_contracts.ids import new_id

_MOST_SORTED_LETTERS = 200
_MOST_SEARCHED_NAMES = 50
_MOST_TAG_LETTERS = 200
_MOST_TAGS = 200
_folded_name = lru_cache(maxsize=50_000)(folded)
_released = lru_cache(maxsize=10_000)(released_of)


@lru_cache(maxsize=10_000)
def _tag(kind: str, word: str) -> str:
    """The same object each time, which is told to another process once a batch."""
    return f"{kind}:{word}"


def artist_row(facts: ArtistFacts, source_hash: bytes) -> StagedName:
    names = [facts.name, facts.real_name or "", *facts.name_variations]
    sort_name = folded(facts.name)[:_MOST_SORTED_LETTERS]
    document = document_of(facts)
    text = _searched(names)
    return StagedName(
        ARTIST, facts.discogs_artist_id, new_id(), facts.name, sort_name, text, None, document, source_hash
    )


def label_row(facts: LabelFacts, source_hash: bytes) -> StagedName:
    parent = facts.parent.discogs_id if facts.parent else None
    text = folded(facts.name)
    sort_name = text[:_MOST_SORTED_LETTERS]
    document = document_of(facts)
    return StagedName(
        LABEL, facts.discogs_label_id, new_id(), facts.name, sort_name, text, parent, document, source_hash
    )


def mention_rows(mentioned: Iterable[Mentioned]) -> list[StagedName]:
    rows = []
    for kind, discogs_id, name in mentioned:
        text = folded(name)
        rows.append(StagedName(kind, discogs_id, new_id(), name, text[:_MOST_SORTED_LETTERS], text))
    return rows


def master_row(facts: MasterFacts, source_hash: bytes) -> StagedMaster:
    return StagedMaster(
        discogs_id=facts.discogs_master_id,
        candidate_id=new_id(),
        source_hash=source_hash,
        document=document_of(facts),
        main_release_id=facts.discogs_main_release_id,
        title=facts.title,
        sort_title=_folded_name(facts.title)[:_MOST_SORTED_LETTERS],
        year=facts.year,
        own_tags=_own_tags(facts),
    )


def release_row(facts: ReleaseFacts, source_hash: bytes) -> StagedRelease:
    released = _released(facts.released)
    barcodes = [
        code for each in facts.identifiers if each.type == "Barcode" and (code := barcode_of(each.value))
    ]
    catalog_numbers = [label.catalog_number for label in facts.labels if label.catalog_number]
    formats = _formats_of(facts)
    return StagedRelease(
        discogs_id=facts.discogs_release_id,
        candidate_id=release_id_from(new_id()),
        album_candidate_id=new_id(),
        source_hash=source_hash,
        document=document_of(facts),
        discogs_master_id=facts.discogs_master_id,
        title=facts.title,
        sort_title=_folded_name(facts.title)[:_MOST_SORTED_LETTERS],
        year=released.year,
        released_order=released.order,
        country=facts.country,
        formats=formats,
        catalog_numbers=_unique(catalog_numbers),
        barcodes=_unique(barcodes),
        codes=_codes_of(barcodes, catalog_numbers),
        tags=_release_tags(facts, formats),
        own_tags=_own_tags(facts),
    )


def mentioned_by_artist(facts: ArtistFacts) -> Iterator[Mentioned]:
    for reference in (*facts.aliases, *facts.members, *facts.groups):
        yield ARTIST, reference.discogs_id, reference.name


def mentioned_by_label(facts: LabelFacts) -> Iterator[Mentioned]:
    if facts.parent:
        yield LABEL, facts.parent.discogs_id, facts.parent.name


def mentioned_by_master(facts: MasterFacts) -> Iterator[Mentioned]:
    yield from _credited(facts.artists)


def mentioned_by_release(facts: ReleaseFacts) -> Iterator[Mentioned]:
    credited = [*facts.artists, *facts.credits]
    _gather_credits(facts.tracks, credited)
    yield from _credited(credited)
    for label in facts.labels:
        if label.discogs_label_id:
            yield LABEL, label.discogs_label_id, label.name
    for company in facts.companies:
        if company.discogs_label_id:
            yield LABEL, company.discogs_label_id, company.name


def _credited(source: Iterable[SourceCredit]) -> Iterator[Mentioned]:
    for credit in source:
        if credit.discogs_artist_id:
            yield ARTIST, credit.discogs_artist_id, credit.name


def _gather_credits(tracks: Iterable[SourceTrack], credited: list[SourceCredit]) -> None:
    for track in tracks:
        if track.artists:
            credited += track.artists
        if track.credits:
            credited += track.credits
        if track.sub_tracks:
            _gather_credits(track.sub_tracks, credited)


def _searched(texts: list[str]) -> str:
    """Every word of the texts once."""
    words = " ".join([_folded_name(text) for text in texts[:_MOST_SEARCHED_NAMES]]).split()
    return " ".join(dict.fromkeys(words))


def _own_tags(facts: MasterFacts | ReleaseFacts) -> list[str]:
    tags = [_tag("genre", genre) for genre in facts.genres]
    tags += [_tag("style", style) for style in facts.styles]
    tags += [f"artist:{credit.discogs_artist_id}" for credit in facts.artists if credit.discogs_artist_id]
    return _unique(tags)


def _release_tags(facts: ReleaseFacts, formats: list[str]) -> list[str]:
    tags = [_tag("format", word) for word in formats]
    tags += [f"label:{label.discogs_label_id}" for label in facts.labels if label.discogs_label_id]
    if facts.country:
        tags.append(_tag("country", facts.country))
    if code := country_code_of(facts.country):
        tags.append(_tag("code", code))
    return _unique(tags)


def _formats_of(facts: ReleaseFacts) -> list[str]:
    words = []
    for each in facts.formats:
        words += [each.name, *each.descriptions]
    return _unique([word for word in words if word])


def _codes_of(barcodes: list[str], catalog_numbers: list[str]) -> list[str]:
    codes = [f"b:{barcode}" for barcode in barcodes]
    codes += [f"c:{code}" for number in catalog_numbers if (code := folded_catalog_number(number))]
    return _unique(codes)


def _unique(words: list[str]) -> list[str]:
    """In order, each once, and none that an index could not hold."""
    return list(dict.fromkeys([word[:_MOST_TAG_LETTERS] for word in words]))[:_MOST_TAGS]
