import { describe, expect, it } from "vitest";
import { sleeveOf, titleLines } from "./sleeve";

describe("sleeveOf", () => {
  it("draws the same record the same way every time", () => {
    expect(sleeveOf("Blue Train", "John Coltrane")).toEqual(
      sleeveOf("Blue Train", "John Coltrane"),
    );
  });

  it("does not mind another comma, or the number of a namesake", () => {
    expect(sleeveOf("Nirvana", "Nirvana (2), Others").shapes).toEqual(
      sleeveOf("Nirvana", "Nirvana, Others").shapes,
    );
  });

  it("draws two records of one artist differently", () => {
    expect(sleeveOf("Blue Train", "John Coltrane").shapes).not.toEqual(
      sleeveOf("Giant Steps", "John Coltrane").shapes,
    );
  });

  it("draws whole numbers only, whatever the name", () => {
    for (const name of ["", "…", "Ágætis byrjun", "1999", "A".repeat(400)]) {
      const { shapes, titleSize } = sleeveOf(name, name);
      expect(JSON.stringify(shapes)).not.toMatch(/NaN|Infinity|null/);
      expect(titleSize).toBeGreaterThan(5);
    }
  });
});

describe("titleLines", () => {
  it("breaks a long title between words, into three lines at most", () => {
    const lines = titleLines("The Rise And Fall Of Ziggy Stardust And The Spiders From Mars");
    expect(lines.length).toBeLessThanOrEqual(3);
    expect(lines.join(" ")).toMatch(/^The Rise And Fall Of Ziggy/);
  });

  it("leaves a short one alone", () => {
    expect(titleLines("Kind Of Blue")).toEqual(["Kind Of Blue"]);
  });
});
