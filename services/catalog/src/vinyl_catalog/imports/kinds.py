"""The four kinds of record that a dump holds, one kind a file."""

import enum


class RecordKind(enum.StrEnum):
    ARTIST = "artist"
    LABEL = "label"
    MASTER = "master"
    RELEASE = "release"


class UnreadableFile(Exception):
    """The file as a whole is of no use from here on; `reason` is for the person who named it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadRecord(Exception):
    """One record that is set aside; the file goes on after it."""

    def __init__(self, reason: str, discogs_id: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.discogs_id = discogs_id
