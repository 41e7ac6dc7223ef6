"""What curators say of a record. It is kept apart from what sources say, and laid over it when it is read."""

from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from vinyl_catalog.domain.facts import (
    ArtistFacts,
    MasterFacts,
    Reference,
    ReleaseFacts,
    SourceCredit,
    SourceLabel,
    SourceTrack,
)
from vinyl_catalog.domain.links import Link

_OF_WHOLE = ("title", "artists", "genres", "styles")
_OF_LEAD = ("tracks", "labels")


class EditedText(msgspec.Struct, frozen=True, omit_defaults=True):
    content: str
    source: str = "curator"
    licence: str | None = None
    url: str | None = None


class AlbumEdits(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is set outranks every source, None and empty too; what is unset is left to the sources."""

    title: str | UnsetType = UNSET
    artists: tuple[SourceCredit, ...] | UnsetType = UNSET
    year: int | UnsetType | None = UNSET
    genres: tuple[str, ...] | UnsetType = UNSET
    styles: tuple[str, ...] | UnsetType = UNSET
    labels: tuple[SourceLabel, ...] | UnsetType = UNSET
    tracks: tuple[SourceTrack, ...] | UnsetType = UNSET
    text: EditedText | UnsetType | None = UNSET
    links: tuple[Link, ...] | UnsetType = UNSET
    musicbrainz_id: UUID | UnsetType | None = UNSET


class ArtistEdits(msgspec.Struct, frozen=True, omit_defaults=True):
    """As AlbumEdits; other artists by their numbers."""

    name: str | UnsetType = UNSET
    real_name: str | UnsetType | None = UNSET
    profile: str | UnsetType | None = UNSET
    name_variations: tuple[str, ...] | UnsetType = UNSET
    aliases: tuple[Reference, ...] | UnsetType = UNSET
    members: tuple[Reference, ...] | UnsetType = UNSET
    groups: tuple[Reference, ...] | UnsetType = UNSET
    urls: tuple[str, ...] | UnsetType = UNSET
    musicbrainz_id: UUID | UnsetType | None = UNSET


EditsT = TypeVar("EditsT", AlbumEdits, ArtistEdits)


def fields_set(edits: AlbumEdits | ArtistEdits) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(edits).items() if value is not UNSET}


def changed(edits: EditsT, changes: EditsT) -> EditsT:
    """The edits with the changes on top."""
    return msgspec.structs.replace(edits, **fields_set(changes))


def restored(edits: EditsT, former: EditsT, latter: EditsT) -> EditsT | None:
    """As before the change from `former` to `latter`; None where one of its fields was changed again."""
    names = fields_set(former).keys() | fields_set(latter).keys()
    if any(getattr(edits, name) != getattr(latter, name) for name in names):
        return None
    return msgspec.structs.replace(edits, **{name: getattr(former, name) for name in names})


def difference(edits: EditsT, other: EditsT) -> tuple[EditsT, EditsT]:
    """The fields in which the two differ, as each has them."""
    names = [name for name in edits.__struct_fields__ if getattr(edits, name) != getattr(other, name)]
    kind = type(edits)
    return (
        kind(**{name: getattr(edits, name) for name in names}),
        kind(**{name: getattr(other, name) for name in names}),
    )


def laid_over_album(
    edits: AlbumEdits | None, master: MasterFacts | None, lead: ReleaseFacts | None
) -> tuple[MasterFacts | None, ReleaseFacts | None]:
    """The facts as the curator has them; of a lone release all of them are the release's."""
    if edits is None:
        return master, lead
    given = fields_set(edits)
    of_whole = {name: given[name] for name in _OF_WHOLE if name in given}
    of_lead = {name: given[name] for name in _OF_LEAD if name in given}
    if master is not None:
        if "year" in given:
            of_whole["year"] = given["year"]
        master = msgspec.structs.replace(master, **of_whole)
    else:
        if "year" in given:
            of_whole["released"] = str(given["year"]) if given["year"] else None
        of_lead.update(of_whole)
    if of_lead:
        lead = msgspec.structs.replace(lead or ReleaseFacts(0, ""), **of_lead)
    return master, lead


def laid_over_artist(edits: ArtistEdits | None, facts: ArtistFacts) -> ArtistFacts:
    if edits is None:
        return facts
    given = fields_set(edits)
    given.pop("musicbrainz_id", None)
    return msgspec.structs.replace(facts, **given)
