import { newestAlbums } from "$lib/catalogue/albums";
import type { PageLoad } from "./$types";

export const load: PageLoad = async () => ({ albums: (await newestAlbums(18)).items });
