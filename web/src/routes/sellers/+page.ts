import { signedInPerson } from "$lib/account/doors";
import { followedSellers } from "$lib/market/sellers";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ url }) => {
  await signedInPerson(url);
  return { sellers: (await followedSellers()).items };
};
