import { between, pick, type Chance } from "./chance";
import type { Palette } from "./palettes";
import { circle, polygon, rectangle, SIDE, wave, type Shape } from "./shapes";

/** Draws the picture of a sleeve; the lower third stays calm, for the title. */
export type Motif = (chance: Chance, palette: Palette) => Shape[];

const PICTURE = SIDE * 0.68;

const colours = ({ first, second, third }: Palette): [string, string, string] => [
  first,
  second,
  third,
];

/** Tall bars of uneven height, as on hard-bop sleeves. */
export const bars: Motif = (chance, palette) => {
  const count = Math.round(between(chance, 5, 11));
  const width = SIDE / count;
  return Array.from({ length: count }, (_, index) => ({
    path: rectangle(index * width, 0, width * 0.82, between(chance, PICTURE * 0.25, PICTURE)),
    fill: chance() < 0.75 ? palette.first : pick(chance, colours(palette)),
  }));
};

/** A half-set sun with rings. */
export const sun: Motif = (chance, palette) => {
  const x = between(chance, 90, 210);
  const radius = between(chance, 80, 130);
  const rings = Array.from({ length: 5 }, (_, index) => ({
    path: circle(x, PICTURE, radius * (1 - index * 0.18) + 40),
    fill: colours(palette)[index % 3] ?? palette.first,
  }));
  return [...rings, ground(palette)];
};

/** A lattice of dots whose size swells. */
export const dots: Motif = (chance, palette) => {
  const [phase, pace] = [between(chance, 0, 6), between(chance, 0.4, 0.9)];
  const step = SIDE / 10;
  return Array.from({ length: 70 }, (_, index) => {
    const [column, row] = [index % 10, Math.floor(index / 10)];
    const swell = (Math.sin(phase + column * pace + row * pace * 0.7) + 1.15) / 2.2;
    const fill = row % 3 === 1 ? palette.second : palette.first;
    return { path: circle((column + 0.5) * step, (row + 0.55) * step, 2 + swell * 11.5), fill };
  });
};

/** Layered hills under a moon. */
export const hills: Motif = (chance, palette) => {
  const moon = circle(between(chance, 60, 240), between(chance, 45, 90), between(chance, 18, 38));
  const layers = [palette.first, palette.second, palette.paper].map((fill, layer) => {
    const height = PICTURE * (0.55 + layer * 0.21);
    const line = wave(Array.from({ length: 6 }, () => height + between(chance, -26, 26)));
    return { path: `${line}V${SIDE}H0z`, fill };
  });
  return [{ path: moon, fill: palette.third }, ...layers];
};

/** Shards that meet in one point. */
export const rays: Motif = (chance, palette) => {
  const [x, y] = [between(chance, 90, 210), between(chance, 60, 170)];
  const count = Math.round(between(chance, 9, 16));
  const shards = Array.from({ length: count }, (_, index) => {
    const [from, to] = [angle(index, count), angle(index + 0.55, count)];
    const points: [number, number][] = [
      [x, y],
      [x + Math.cos(from) * 450, y + Math.sin(from) * 450],
      [x + Math.cos(to) * 450, y + Math.sin(to) * 450],
    ];
    return { path: polygon(points), fill: index % 4 === 0 ? palette.second : palette.first };
  });
  return [...shards, { path: circle(x, y, 34), fill: palette.third }, ground(palette)];
};

/** Ribbons that turn a corner, as on seventies soul. */
export const ribbons: Motif = (chance, palette) => {
  const corner = between(chance, 110, 190);
  const lines = Array.from({ length: 4 }, (_, index) => {
    const away = 26 + index * 24;
    const stroke = index % 2 ? palette.second : pick(chance, [palette.first, palette.third]);
    const path = `M0 ${away}H${corner - away}a${90} ${90} 0 0 1 90 90V${SIDE}`;
    return { path, fill: "none", stroke, width: 19 };
  });
  return [...lines, ground(palette)];
};

/** Concentric arcs, quiet, as on recital records. */
export const arcs: Motif = (chance, palette) => {
  const [x, y] = [pick(chance, [0, SIDE]), pick(chance, [0, PICTURE])];
  const lines = Array.from({ length: 9 }, (_, index) => ({
    path: circle(x, y, 40 + index * 24),
    fill: "none",
    stroke: index % 3 === 0 ? palette.second : palette.first,
    width: 3 + chance() * 9,
  }));
  return [...lines, ground(palette)];
};

/** Blocks of a cut-up page. */
export const blocks: Motif = (chance, palette) =>
  Array.from({ length: 12 }, (_, index) => {
    const size = SIDE / 4;
    const [x, y] = [(index % 4) * size, Math.floor(index / 4) * (PICTURE / 3)];
    const fill = pick(chance, [palette.first, palette.second, palette.third, palette.paper]);
    const half = chance();
    if (half < 0.35) return { path: circle(x + size / 2, y + PICTURE / 6, PICTURE / 6), fill };
    if (half < 0.6) return { path: rectangle(x, y, size, PICTURE / 3), fill };
    return {
      path: polygon([
        [x, y],
        [x + size, y],
        [x, y + PICTURE / 3],
      ]),
      fill,
    };
  });

/** Sound drawn as lines on lines. */
export const signal: Motif = (chance, palette) =>
  Array.from({ length: 13 }, (_, index) => {
    const middle = 26 + index * (PICTURE / 14.5);
    const heights = Array.from({ length: 17 }, (_, at) => {
      const loud = Math.exp(-(((at - 8) / 3.6) ** 2));
      return middle - loud * between(chance, 0, 34);
    });
    const stroke = index % 4 === 2 ? palette.second : palette.first;
    return { path: wave(heights), fill: palette.paper, stroke, width: 2.4 };
  });

function angle(index: number, count: number): number {
  return (index / count) * Math.PI * 2;
}

function ground(palette: Palette): Shape {
  return { path: rectangle(-1, PICTURE, SIDE + 2, SIDE), fill: palette.paper };
}
