import { describe, expect, it } from "vitest";
import { addressOf, queryOf } from "./query";

describe("the search page's address", () => {
  it("survives the way there and back", () => {
    const query = {
      q: "sigur rós & co",
      type: "song" as const,
      genre: "Funk / Soul",
      year_from: 1970,
      year_to: null,
    };
    const params = new URL(addressOf(query), "http://app.test").searchParams;
    expect(queryOf(params)).toEqual(query);
  });

  it("ignores kinds and years that are none", () => {
    const query = queryOf(new URLSearchParams("type=user&year_from=19xx"));
    expect([query.type, query.year_from]).toEqual(["album", null]);
  });
});
