import { describe, expect, it } from "vitest";
import { detailInWords, refusalInWords } from "./words";

describe("refusalInWords", () => {
  it.each([
    [401, { code: "bad_credentials" }, null, /do not belong together/],
    [401, { code: "unauthenticated" }, null, /Sign in/],
    [429, { code: "too_many_requests" }, "7", /in 7 seconds/],
    [502, {}, null, /Try again in a moment/],
    [409, { code: "new_to_us", detail: "The crate is full." }, null, /^The crate is full\.$/],
  ])("says what to do about a %s %j", (status, problem, retryAfter, words) =>
    expect(refusalInWords(status, problem, retryAfter)).toMatch(words),
  );
});

describe("detailInWords", () => {
  it.each([
    ["Expected `str` of length >= 8", "At least 8 characters."],
    ["Expected `str` of length >= 1", "Fill this in."],
    ["must be 3 to 32 of a-z", "Must be 3 to 32 of a-z."],
    ["Is already taken.", "Is already taken."],
  ])("says %j as %j", (detail, words) => expect(detailInWords(detail)).toBe(words));
});
