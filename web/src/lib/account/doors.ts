import { redirect } from "@sveltejs/kit";
import type { Profile } from "$lib/api/shapes";
import { account } from "./account.svelte";
import { signInAddress } from "./addresses";

/** The person signed in; everyone else is sent to the sign-in page and brought back after it. */
export async function signedInPerson(url: URL): Promise<Profile> {
  await account.restore();
  if (account.person === null) redirect(303, signInAddress(url));
  return account.person;
}
