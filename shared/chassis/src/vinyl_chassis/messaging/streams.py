"""Every stream there is: one per publishing service, kept a week, as long as published outbox rows."""

from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig

PUBLISHERS = ("user", "catalog", "rating", "search")
_WEEK_SECONDS = 7 * 24 * 3600.0
_DUPLICATES_SECONDS = 120.0


def stream_name(publisher: str) -> str:
    return f"VINYL_{publisher.upper()}"


STREAMS = tuple(
    StreamConfig(
        name=stream_name(publisher),
        subjects=[f"vinyl.{publisher}.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_age=_WEEK_SECONDS,
        duplicate_window=_DUPLICATES_SECONDS,
        max_msg_size=1024 * 1024,
    )
    for publisher in PUBLISHERS
)
