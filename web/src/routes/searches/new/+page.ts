import { signedInPerson } from "$lib/account/doors";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ url }) => {
  await signedInPerson(url);
};
