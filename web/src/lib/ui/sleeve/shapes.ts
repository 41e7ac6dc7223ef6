/** A sleeve is a square of this many units a side. */
export const SIDE = 300;

export interface Shape {
  path: string;
  fill: string;
  stroke?: string;
  width?: number;
  opacity?: number;
}

const n = (value: number) => Math.round(value * 10) / 10;

export function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}z`;
}

export function circle(x: number, y: number, radius: number): string {
  const across = n(radius * 2);
  return `M${n(x - radius)} ${n(y)}a${n(radius)} ${n(radius)} 0 1 0 ${across} 0a${n(radius)} ${n(radius)} 0 1 0 ${-across} 0z`;
}

export function polygon(points: [number, number][]): string {
  return `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join("L")}z`;
}

/** A smooth line from the left edge to the right, one height per step. */
export function wave(heights: number[]): string {
  const step = SIDE / (heights.length - 1);
  const [first = 0, ...rest] = heights;
  let path = `M0 ${n(first)}`;
  let before = first;
  rest.forEach((height, index) => {
    const middle = n((index + 0.5) * step);
    path += `C${middle} ${n(before)} ${middle} ${n(height)} ${n((index + 1) * step)} ${n(height)}`;
    before = height;
  });
  return path;
}
