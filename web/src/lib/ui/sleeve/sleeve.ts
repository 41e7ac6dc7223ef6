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

const MOTIFS: readonly [motifs.Motif, ...motifs.Motif[]] = [
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
const LONGEST_TITLE = 72;

/** The sleeve of a record we have no picture of: the same record always wears the same one. */
export function sleeveOf(title: string, artist: string): Sleeve {
  const chance = chanceOf(spelling(`${artist}|${title}`));
  const palette = pick(chance, PALETTES);
  const lines = titleLines(title);
  const longest = Math.max(...lines.map((line) => line.length), 6);
  const titleSize = Math.min(32, 470 / longest, 58 / lines.length);
  return { palette, shapes: pick(chance, MOTIFS)(chance, palette), title: lines, titleSize };
}

/** Letters and digits only, so that another comma or the "(2)" of a namesake changes no sleeve. */
function spelling(text: string): string {
  return text
    .replace(/ \(\d+\)/g, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}|]/gu, "");
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
