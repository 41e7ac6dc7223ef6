import { signedInPerson } from "$lib/account/doors";
import { shelf } from "$lib/shelf/shelf.svelte";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ url }) => {
  await signedInPerson(url);
  await shelf.fill();
};
