import { describe, expect, it } from "vitest";
import { newSearch } from "./draft";

const empty = {
  name: " Blue notes ",
  useWants: true,
  query: " ",
  amount: "",
  currency: "EUR",
  media: "",
  shipsTo: "",
};

describe("newSearch", () => {
  it("leaves open what the form leaves empty", () => {
    expect(newSearch(empty)).toEqual({
      name: "Blue notes",
      use_wants: true,
      query: null,
      max_price: null,
      min_media_condition: null,
      ships_to: null,
    });
  });

  it("carries every wish", () => {
    const filled = { ...empty, query: "mono", amount: "40,5", media: "VG+", shipsTo: "DE" };
    expect(newSearch(filled)).toMatchObject({
      query: "mono",
      max_price: { amount: "40.5", currency: "EUR" },
      min_media_condition: "VG+",
      ships_to: "DE",
    });
  });
});
