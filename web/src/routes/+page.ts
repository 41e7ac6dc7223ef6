import { biggestGenres, newestAlbums } from "$lib/catalogue/albums";
import type { PageLoad } from "./$types";

export const load: PageLoad = async () => {
  const [albums, genres] = await Promise.all([newestAlbums(20), biggestGenres(12)]);
  return { albums: albums.items, genres };
};
