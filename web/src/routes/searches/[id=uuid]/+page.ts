import { signedInPerson } from "$lib/account/doors";
import { latestRuns, resultsOf, savedSearch } from "$lib/market/searches";
import { followedSellers } from "$lib/market/sellers";
import { albumsOf } from "./albums";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ params, url }) => {
  await signedInPerson(url);
  const [search, runs, results, onEbay, sellers] = await Promise.all([
    savedSearch(params.id),
    latestRuns(params.id),
    resultsOf(params.id, "markets"),
    resultsOf(params.id, "ebay"),
    followedSellers(),
  ]);
  return {
    search,
    run: runs[0] ?? null,
    results,
    onEbay,
    albums: await albumsOf([...results.items, ...onEbay.items]),
    followsNobody: sellers.items.length === 0,
  };
};
