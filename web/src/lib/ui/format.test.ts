import { describe, expect, it } from "vitest";
import { ago, amountTyped, country, playingTime } from "./format";

describe("amountTyped", () => {
  it.each([
    ["12,5", "12.5"],
    [" 40 ", "40"],
    ["7.99", "7.99"],
  ])("reads %j as %s", (typed, amount) => expect(amountTyped(typed)).toBe(amount));

  it.each(["", "-1", "1e3", "12.345", "forty", "1.000,50"])("refuses %j", (typed) =>
    expect(amountTyped(typed)).toBeNull(),
  );
});

describe("playingTime", () => {
  it.each([
    [245, "4:05"],
    [3_723, "1:02:03"],
    [null, ""],
  ])("shows %s as %j", (seconds, shown) => expect(playingTime(seconds)).toBe(shown));
});

describe("country", () => {
  it("names a code and leaves nonsense as it is", () => {
    expect(country("DE")).toBe("Germany");
    expect(country("UK & Europe")).toBe("UK & Europe");
  });
});

describe("ago", () => {
  const now = Date.parse("2026-05-04T12:00:00Z");
  it.each([
    ["2026-05-04T11:59:40Z", "just now"],
    ["2026-05-04T11:30:00Z", "30 minutes ago"],
    ["2026-05-03T11:00:00Z", "yesterday"],
  ])("says %s is %s", (time, said) => expect(ago(time, now)).toBe(said));
});
