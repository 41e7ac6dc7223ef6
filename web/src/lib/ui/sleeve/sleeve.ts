import { chanceOf, pick } from "./chance";
import * as motifs from "./motifs";
import { PALETTES, type Palette } from "./palettes";
import type { Shape } from "./shapes";

export interface Sleeve {
  palette: Palette;
  shapes: Shape[];
  title: string[];
  titleSize: number;
}

type Choice = readonly [motifs.Motif, ...motifs.Motif[]];

const ANY: Choice = [
  motifs.bars,
  motifs.sun,
  motifs.dots,
  motifs.hills,
  motifs.rays,
  motifs.ribbons,
  motifs.arcs,
  motifs.blocks,
  motifs.signal,
];
const BY_GENRE: Record<string, Choice> = {
  jazz: [motifs.bars, motifs.blocks, motifs.arcs],
  electronic: [motifs.dots, motifs.signal, motifs.blocks],
  rock: [motifs.rays, motifs.signal, motifs.hills, motifs.sun],
  "funk / soul": [motifs.ribbons, motifs.sun, motifs.dots],
  "hip hop": [motifs.blocks, motifs.bars, motifs.rays],
  classical: [motifs.arcs, motifs.hills],
  "folk, world, & country": [motifs.hills, motifs.sun, motifs.arcs],
  reggae: [motifs.sun, motifs.ribbons, motifs.rays],
  latin: [motifs.sun, motifs.ribbons, motifs.blocks],
  blues: [motifs.bars, motifs.hills, motifs.ribbons],
  pop: [motifs.dots, motifs.ribbons, motifs.blocks, motifs.sun],
};
const LONGEST_TITLE = 60;

/** The sleeve of a record we have no picture of: the same record always wears the same one. */
export function sleeveOf(title: string, artist: string, genre?: string): Sleeve {
  const chance = chanceOf(`${artist}\n${title}`);
  const palette = pick(chance, PALETTES);
  const motif = pick(chance, BY_GENRE[genre?.toLowerCase() ?? ""] ?? ANY);
  const lines = titleLines(title);
  const longest = Math.max(...lines.map((line) => line.length), 6);
  const titleSize = Math.min(34, 480 / longest, 66 / lines.length);
  return { palette, shapes: motif(chance, palette), title: lines, titleSize };
}

/** A title in at most three lines of about even length. */
export function titleLines(title: string): string[] {
  const short = title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE - 1)}…` : title;
  const most = Math.max(14, Math.ceil(short.length / 3) + 3);
  const lines: string[] = [];
  for (const word of short.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.length > 3 ? [...lines.slice(0, 2), lines.slice(2).join(" ")] : lines;
}
