import { readdirSync } from "node:fs";
import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const FOUNDATIONS = ["api", "ui"];
const rooms = readdirSync(new URL("./src/lib", import.meta.url));
const features = rooms.filter((room) => !FOUNDATIONS.includes(room));

/**
 * One wall: what `room` may not import. Imports between folders are written `$lib/…`, so a parent
 * path is refused as well: it would walk round the wall.
 * @param {string} room
 * @param {string[]} forbidden
 */
function wall(room, forbidden) {
  const message = `${room} may not know this: routes > lib/<feature> > lib/ui, lib/api`;
  const group = [
    "../*",
    "**/routes/**",
    ...forbidden.flatMap((name) => [`$lib/${name}`, `$lib/${name}/**`]),
  ];
  return {
    files: [`src/lib/${room}/**`],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group, message }] }] },
  };
}

export default ts.config(
  { ignores: ["dist/", ".svelte-kit/", "src/lib/api/schema.d.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  { rules: { "no-undef": "off", "svelte/no-navigation-without-resolve": "off" } },
  ...FOUNDATIONS.map((room) =>
    wall(
      room,
      rooms.filter((other) => other !== room),
    ),
  ),
  ...features.map((room) =>
    wall(
      room,
      features.filter((other) => other !== room),
    ),
  ),
);
