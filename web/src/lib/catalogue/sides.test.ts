import { describe, expect, it } from "vitest";
import type { Track } from "$lib/api/shapes";
import { sidesOf, sideSeconds } from "./sides";

const track = (position: string, seconds: number | null = 60, kind = "track"): Track => ({
  position,
  title: `Title of ${position}`,
  duration_seconds: seconds,
  kind: kind as Track["kind"],
  artists: [],
  credits: [],
  sub_tracks: [],
});
const cut = (...tracks: Track[]) =>
  sidesOf(tracks).map(({ name, tracks }) => [name, tracks.map((one) => one.position)]);

describe("sidesOf", () => {
  it("cuts at the side's letter", () => {
    expect(cut(track("A1"), track("A2"), track("B1"))).toEqual([
      ["A", ["A1", "A2"]],
      ["B", ["B1"]],
    ]);
  });

  it("knows a side of one long track, and the double letters of a big box", () => {
    expect(cut(track("A"), track("B"), track("AA1"))).toEqual([
      ["A", ["A"]],
      ["B", ["B"]],
      ["AA", ["AA1"]],
    ]);
  });

  it("leaves numbered tracks together", () => {
    expect(cut(track("1"), track("2"), track("1-3"))).toEqual([["", ["1", "2", "1-3"]]]);
  });

  it("keeps a heading with what follows", () => {
    expect(cut(track("A1"), track("", null, "heading"), track("B1"))).toEqual([
      ["A", ["A1"]],
      ["B", ["", "B1"]],
    ]);
  });
});

describe("sideSeconds", () => {
  it("adds what is known", () => {
    expect(sideSeconds({ name: "A", tracks: [track("A1", 100), track("A2", null)] })).toBe(100);
    expect(sideSeconds({ name: "A", tracks: [track("A1", null)] })).toBeNull();
  });
});
