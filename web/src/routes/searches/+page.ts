import { signedInPerson } from "$lib/account/doors";
import { savedSearches } from "$lib/market/searches";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ url }) => {
  await signedInPerson(url);
  return { searches: (await savedSearches()).items };
};
