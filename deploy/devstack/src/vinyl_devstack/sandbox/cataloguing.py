"""A pressing out of what the catalogue's records say of a release."""

from collections.abc import Iterable

from vinyl_catalog.domain.facts import (
    ReleaseFacts,
    SourceCompany,
    SourceCredit,
    SourceFormat,
    SourceLabel,
    SourceVideo,
)
from vinyl_devstack.sandbox.market.pressing import (
    ArtistCredit,
    Company,
    Format,
    Identifier,
    LabelCredit,
    Pressing,
    TrackLine,
    Video,
)

NO_NUMBER = "none"  # what Discogs' API says where the catalogue says nothing


def pressing_of(facts: ReleaseFacts, album: str) -> Pressing:
    """`album` is whatever tells the albums of the source apart."""
    return Pressing(
        id=facts.discogs_release_id,
        album=album,
        title=facts.title,
        master_id=facts.discogs_master_id,
        is_main=facts.is_main_release,
        artists=_credits(facts.artists),
        credits=_credits(facts.credits),
        labels=tuple(_label(each) for each in facts.labels),
        companies=tuple(_company(each) for each in facts.companies),
        formats=tuple(_format(each) for each in facts.formats),
        identifiers=tuple(
            Identifier(each.type, each.value, each.description or "") for each in facts.identifiers
        ),
        tracks=tuple(
            TrackLine(each.position or "", each.title, each.duration or "") for each in facts.tracks
        ),
        videos=tuple(_video(each) for each in facts.videos),
        genres=facts.genres,
        styles=facts.styles,
        country=facts.country or "",
        released=facts.released or "",
        notes=facts.notes or "",
    )


def _credits(source: Iterable[SourceCredit]) -> tuple[ArtistCredit, ...]:
    return tuple(
        ArtistCredit(
            each.discogs_artist_id or 0,
            each.name,
            each.credited_as or "",
            each.join or "",
            each.role or "",
            each.tracks or "",
        )
        for each in source
    )


def _label(source: SourceLabel) -> LabelCredit:
    return LabelCredit(source.discogs_label_id or 0, source.name, source.catalog_number or NO_NUMBER)


def _company(source: SourceCompany) -> Company:
    return Company(source.discogs_label_id or 0, source.name, source.role or "", source.catalog_number or "")


def _format(source: SourceFormat) -> Format:
    return Format(
        source.name,
        1 if source.quantity is None else source.quantity,
        source.text or "",
        source.descriptions,
    )


def _video(source: SourceVideo) -> Video:
    return Video(source.url, source.title or "", source.duration_seconds or 0)
