import { signedInPerson } from "$lib/account/doors";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ url }) => {
  const { currency } = await signedInPerson(url);
  return { currency };
};
