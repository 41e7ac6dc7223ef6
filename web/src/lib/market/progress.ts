import type { ProviderRun } from "$lib/api/shapes";
import { count } from "$lib/ui/format";

export const MARKETS: Record<ProviderRun["provider"], string> = {
  discogs: "Discogs",
  ebay: "eBay",
  community: "Members",
};

const FAULTS: Record<string, string> = {
  rate_limited: "it asked us to slow down; the rest is read next time",
  provider_unreachable: "it did not answer; run again later",
  bad_answer: "it answered something we could not read",
  credentials_refused: "it refused our key",
  not_found: "one of your sellers is not there (any more)",
  no_sellers_followed: "you follow no sellers there",
  nothing_to_ask: "nothing to ask for",
  not_available_here: "not set up on this Vinylhound",
};

/** What one market has to say about a run, in words. */
export function progressInWords({ coverage, listings_seen, error, state }: ProviderRun): string {
  if (state === "skipped") return (error && FAULTS[error]) ?? "not asked";
  const { seen, total } = coverage;
  const read =
    total === null
      ? `${count(listings_seen, "copy", "copies")} read`
      : `${seen.toLocaleString()} of ${count(total, "copy", "copies")} read`;
  return error === null ? read : `${read}; ${FAULTS[error] ?? error}`;
}
