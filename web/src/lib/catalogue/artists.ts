import { api } from "$lib/api/client";
import { taken } from "$lib/api/problems";
import type { Album, Artist, Page } from "$lib/api/shapes";

export function artist(artist_id: string): Promise<Artist> {
  return taken(api.GET("/api/v1/artists/{artist_id}", { params: { path: { artist_id } } }));
}

export function albumsOfArtist(artist_id: string, cursor?: string): Promise<Page<Album>> {
  const query = { limit: 24, ...(cursor === undefined ? {} : { cursor }) };
  return taken(
    api.GET("/api/v1/artists/{artist_id}/albums", { params: { path: { artist_id }, query } }),
  );
}
