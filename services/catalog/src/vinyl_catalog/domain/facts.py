"""What one record of a source says, in the source's own words and with its own ids.

These are the stored documents. They are interpreted when they are read, so a better rule needs no new import.
"""

import msgspec


class Reference(msgspec.Struct, frozen=True):
    """Another artist or label, as a record names it."""

    discogs_id: int
    name: str


class SourceCredit(msgspec.Struct, frozen=True, omit_defaults=True):
    """`credited_as` is the variation printed on the record; `discogs_artist_id` None for a bare name."""

    name: str
    discogs_artist_id: int | None = None
    credited_as: str | None = None
    join: str | None = None
    role: str | None = None
    tracks: str | None = None


class SourceTrack(msgspec.Struct, frozen=True, omit_defaults=True):
    """`duration` is the source's text, such as "4:05"; `number` is its song's where a curator put it here."""

    title: str = ""
    position: str | None = None
    duration: str | None = None
    artists: tuple[SourceCredit, ...] = ()
    credits: tuple[SourceCredit, ...] = ()
    sub_tracks: tuple["SourceTrack", ...] = ()
    number: int | None = None


class SourceFormat(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str
    quantity: int | None = None
    text: str | None = None
    descriptions: tuple[str, ...] = ()


class SourceLabel(msgspec.Struct, frozen=True, omit_defaults=True):
    """A label on a release; `catalog_number` None where the source says "none"."""

    name: str
    discogs_label_id: int | None = None
    catalog_number: str | None = None


class SourceCompany(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str
    discogs_label_id: int | None = None
    role: str | None = None
    catalog_number: str | None = None


class SourceIdentifier(msgspec.Struct, frozen=True, omit_defaults=True):
    """A number on the sleeve or in the run-out: `type` is the source's word, such as "Barcode"."""

    type: str
    value: str
    description: str | None = None


class SourceVideo(msgspec.Struct, frozen=True, omit_defaults=True):
    url: str
    title: str | None = None
    duration_seconds: int | None = None


class ReleaseFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """`released` is the source's text, such as "1999-03-00"."""

    discogs_release_id: int
    title: str
    discogs_master_id: int | None = None
    is_main_release: bool = False
    artists: tuple[SourceCredit, ...] = ()
    credits: tuple[SourceCredit, ...] = ()
    country: str | None = None
    released: str | None = None
    formats: tuple[SourceFormat, ...] = ()
    labels: tuple[SourceLabel, ...] = ()
    identifiers: tuple[SourceIdentifier, ...] = ()
    companies: tuple[SourceCompany, ...] = ()
    tracks: tuple[SourceTrack, ...] = ()
    genres: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    notes: str | None = None
    videos: tuple[SourceVideo, ...] = ()


class MasterFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    discogs_master_id: int
    title: str
    discogs_main_release_id: int | None = None
    artists: tuple[SourceCredit, ...] = ()
    year: int | None = None
    genres: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    notes: str | None = None
    videos: tuple[SourceVideo, ...] = ()


class ArtistFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    discogs_artist_id: int
    name: str
    real_name: str | None = None
    profile: str | None = None
    name_variations: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    aliases: tuple[Reference, ...] = ()
    members: tuple[Reference, ...] = ()
    groups: tuple[Reference, ...] = ()


class LabelFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    discogs_label_id: int
    name: str
    contact: str | None = None
    profile: str | None = None
    urls: tuple[str, ...] = ()
    parent: Reference | None = None
