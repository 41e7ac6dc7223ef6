import { albumsOfArtist, artist } from "$lib/catalogue/artists";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ params }) => {
  const [found, albums] = await Promise.all([artist(params.id), albumsOfArtist(params.id)]);
  return { artist: found, albums };
};
