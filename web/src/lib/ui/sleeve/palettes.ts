/** The colours of one sleeve; `ink` is legible on `paper`. */
export interface Palette {
  paper: string;
  ink: string;
  first: string;
  second: string;
  third: string;
}

const palette = (paper: string, ink: string, first: string, second: string, third: string) => ({
  paper,
  ink,
  first,
  second,
  third,
});

export const PALETTES: readonly [Palette, ...Palette[]] = [
  palette("#0f2c4c", "#f2ead9", "#2f78b7", "#e4572e", "#f2b134"),
  palette("#f0e6d2", "#1d1b1a", "#d7263d", "#1b998b", "#f4a259"),
  palette("#161616", "#f5f3ee", "#e8c547", "#5c80bc", "#cd5334"),
  palette("#e9ecef", "#14213d", "#fca311", "#14213d", "#8d99ae"),
  palette("#5b1a2e", "#fbe7d3", "#e08e45", "#f2cc8f", "#b23a48"),
  palette("#0b3d3a", "#f3f0df", "#e9b44c", "#9b2915", "#50a2a7"),
  palette("#f6d860", "#1f1d1a", "#95cd41", "#ea5c2b", "#2d4059"),
  palette("#2e1f47", "#f7eef9", "#e05297", "#7f7eff", "#ffbe0b"),
  palette("#dfe7e0", "#1c2b22", "#4f7942", "#b8860b", "#2f4b3a"),
  palette("#d64933", "#fff3e6", "#2b303a", "#92dce5", "#eee5e9"),
  palette("#1c3144", "#fdf6ec", "#d00000", "#ffba08", "#3f88c5"),
  palette("#efe9f4", "#2b2140", "#5e548e", "#be95c4", "#e0b1cb"),
];
