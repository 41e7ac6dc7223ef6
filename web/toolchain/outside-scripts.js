import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import adapterStatic from "@sveltejs/adapter-static";

const INLINE_SCRIPT = /<script>([\s\S]*?)<\/script>/g;

/**
 * The static adapter, with the page's start script moved into a file: the gateway's content security
 * policy allows scripts from its own address only, never inline ones.
 * @param {{pages: string, assets: string, fallback: string}} options
 * @returns {import("@sveltejs/kit").Adapter}
 */
export function outsideScripts(options) {
  const inner = adapterStatic(options);
  return {
    name: "outside-scripts",
    async adapt(builder) {
      await inner.adapt(builder);
      const page = join(options.pages, options.fallback);
      writeFileSync(page, withoutInlineScripts(readFileSync(page, "utf8"), options.assets));
    },
  };
}

/**
 * @param {string} html
 * @param {string} folder
 */
function withoutInlineScripts(html, folder) {
  return html.replace(INLINE_SCRIPT, (_, source) => {
    const script = source.trim() + "\n";
    const fingerprint = createHash("sha256").update(script).digest("hex").slice(0, 12);
    const address = `_app/immutable/start-${fingerprint}.js`;
    writeFileSync(join(folder, address), script);
    return `<script src="/${address}"></script>`;
  });
}
