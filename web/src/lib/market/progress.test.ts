import { describe, expect, it } from "vitest";
import type { ProviderRun } from "$lib/api/shapes";
import { progressInWords } from "./progress";

const run = (some: Partial<ProviderRun>): ProviderRun => ({
  provider: "discogs",
  state: "done",
  listings_seen: 0,
  coverage: { seen: 0, total: null },
  quota_used: 0,
  error: null,
  ...some,
});

describe("progressInWords", () => {
  it.each([
    [run({ listings_seen: 1 }), "1 copy read"],
    [run({ coverage: { seen: 40, total: 120 } }), "40 of 120 copies read"],
    [run({ state: "skipped", error: "not_available_here" }), "not set up on this Vinylhound"],
    [run({ state: "skipped" }), "not asked"],
    [
      run({ state: "failed", error: "provider_unreachable" }),
      "0 copies read; it did not answer; run again later",
    ],
    [run({ error: "a_new_slug" }), "0 copies read; a_new_slug"],
  ])("says %j as %j", (given, said) => expect(progressInWords(given)).toBe(said));
});
