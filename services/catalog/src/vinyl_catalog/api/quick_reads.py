"""Reads by id without the framework, which would cost more than what they read."""

from uuid import UUID

import msgspec

from vinyl_catalog.api.shown import encoded, encoded_record, names_of_artist, stamped
from vinyl_catalog.service.albums import AlbumService
from vinyl_catalog.service.artists import ArtistService
from vinyl_catalog.service.labels import LabelService
from vinyl_catalog.service.songs import SongService
from vinyl_chassis.quick_reads import Answer, QuickRead
from vinyl_chassis.versions import etag_of


def quick_reads(
    albums: AlbumService, artists: ArtistService, labels: LabelService, songs: SongService
) -> list[QuickRead]:
    async def read_album(album_id: UUID) -> Answer | None:
        album = await albums.read_album(album_id)
        if album.stored.id != album_id:
            return None
        tag = etag_of(stamped(album.stored.version, album.stamp()))
        return Answer(tag, f"album-{album_id}", lambda: msgspec.json.encode(album.shown()))

    async def read_artist(artist_id: UUID) -> Answer | None:
        artist = await artists.read_artist(artist_id)
        if artist.item.id != artist_id:
            return None
        return _made(encoded_record(artist), *names_of_artist(artist.item))

    async def read_label(label_id: UUID) -> Answer:
        return _made(encoded(await labels.read_label(label_id)), f"label-{label_id}")

    async def read_release(release_id: UUID) -> Answer:
        release = await albums.read_release(release_id)
        return _made(encoded(release), f"release-{release_id}", f"album-{release.album_id}")

    async def read_song(song_id: UUID) -> Answer:
        song = await songs.read_song(song_id)
        return _made(encoded_record(song), f"album-{song.item.album_id}")

    return [
        QuickRead("/api/v1/albums/", "/api/v1/albums/{album_id}", read_album),
        QuickRead("/api/v1/artists/", "/api/v1/artists/{artist_id}", read_artist),
        QuickRead("/api/v1/labels/", "/api/v1/labels/{label_id}", read_label),
        QuickRead("/api/v1/releases/", "/api/v1/releases/{release_id}", read_release),
        QuickRead("/api/v1/songs/", "/api/v1/songs/{song_id}", read_song),
    ]


def _made(encoded: tuple[bytes, str], *kept_as: str) -> Answer:
    body, tag = encoded
    return Answer(etag_of(tag), " ".join(kept_as), lambda: body)
