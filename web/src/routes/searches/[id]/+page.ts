import { signedInPerson } from "$lib/account/doors";
import { latestRuns, resultsOf, savedSearch } from "$lib/market/searches";
import { followedSellers } from "$lib/market/sellers";
import { albumsOf } from "./albums";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ params, url }) => {
  await signedInPerson(url);
  const [search, runs, results, sellers] = await Promise.all([
    savedSearch(params.id),
    latestRuns(params.id),
    resultsOf(params.id),
    followedSellers(),
  ]);
  const followsNobody = sellers.items.length === 0;
  return {
    search,
    run: runs[0] ?? null,
    results,
    albums: await albumsOf(results.items),
    followsNobody,
  };
};
