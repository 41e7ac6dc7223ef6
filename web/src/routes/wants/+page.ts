import { signedInPerson } from "$lib/account/doors";
import { albumsById } from "$lib/catalogue/albums";
import { shelf } from "$lib/shelf/shelf.svelte";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ url }) => {
  await signedInPerson(url);
  await shelf.fill();
  const ids = shelf.wants.map(({ album_id }) => album_id).filter((id) => id !== null);
  return { albums: await albumsById(ids) };
};
