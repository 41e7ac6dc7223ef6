import type { Album, Listing } from "$lib/api/shapes";
import { albumsById } from "$lib/catalogue/albums";

/** The albums that the copies were matched with. */
export function albumsOf(listings: Listing[]): Promise<Map<string, Album>> {
  return albumsById(listings.map(({ match }) => match.album_id).filter((id) => id !== null));
}
