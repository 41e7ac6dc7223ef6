import { describe, expect, it } from "vitest";
import { addressOf, isNarrowed, queryOf, titleOf, widened } from "./query";

const queryAt = (address: string) => queryOf(new URL(address, "http://app.test").searchParams);

describe("the search page's address", () => {
  it("survives the way there and back", () => {
    const query = {
      ...queryAt("/search"),
      q: "sigur rós & co",
      type: "song" as const,
      genre: "Funk / Soul",
      year_from: 1970,
    };
    expect(queryAt(addressOf(query))).toEqual(query);
  });

  it("ignores kinds and years that are none", () => {
    const query = queryAt("/search?type=user&year_from=19xx");
    expect([query.type, query.year_from]).toEqual(["album", null]);
  });

  it("loses its limits but not its words", () => {
    const query = queryAt("/search?q=low&country=Japan&year_to=1980");
    expect([isNarrowed(query), widened(query)]).toEqual([true, "/search?q=low"]);
    expect(isNarrowed(queryAt("/search?q=low"))).toBe(false);
  });
});

describe("titleOf", () => {
  it.each([
    ["/search?q=low&genre=Rock", "low"],
    ["/search?genre=Rock&country=US", "Rock, US"],
    ["/search", "All records"],
  ])("calls %s %j", (address, title) => expect(titleOf(queryAt(address))).toBe(title));
});
