import { find } from "$lib/finding/ask";
import { queryOf } from "$lib/finding/query";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ url }) => {
  const query = queryOf(url.searchParams);
  return { query, found: await find(query) };
};
