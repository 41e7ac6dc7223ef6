import { account } from "$lib/account/account.svelte";
import type { LayoutLoad } from "./$types";

export const ssr = false;

export const load: LayoutLoad = async () => {
  // The catalogue is public: a session that cannot be restored now does not keep anybody from it.
  await account.restore().catch(() => undefined);
};
