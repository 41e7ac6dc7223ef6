import { outsideScripts } from "./toolchain/outside-scripts.js";

const ownSource = (/** @type {string} */ file) => !file.split(/[/\\]/).includes("node_modules");

/** @type {import("@sveltejs/kit").Config} */
export default {
  compilerOptions: { runes: ({ filename }) => (ownSource(filename) ? true : undefined) },
  kit: {
    adapter: outsideScripts({ pages: "dist", assets: "dist", fallback: "index.html" }),
    paths: { relative: false },
    version: { pollInterval: 0 },
  },
};
