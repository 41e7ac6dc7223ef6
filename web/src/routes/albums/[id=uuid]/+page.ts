import { account } from "$lib/account/account.svelte";
import { album, releasesOf } from "$lib/catalogue/albums";
import { ratingBy, summaryOf } from "$lib/rating/ratings";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ params, parent }) => {
  await parent();
  const username = account.person?.username;
  const [found, releases, summary, mine] = await Promise.all([
    album(params.id),
    releasesOf(params.id),
    summaryOf(params.id),
    username === undefined ? null : ratingBy(username, params.id),
  ]);
  return { album: found, releases, summary, mine };
};
