import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";

it("locks packages by their hashes, and names no place to download them from", async () => {
  const lock = await readFile(new URL("../package-lock.json", import.meta.url), "utf8");
  const packages = Object.entries(
    JSON.parse(lock).packages as Record<string, { integrity?: string }>,
  );
  const unlocked = packages.filter(([name, { integrity }]) => name !== "" && !integrity);
  expect(unlocked).toEqual([]);
  expect(lock).not.toContain('"resolved"');
});
