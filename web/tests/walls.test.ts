import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";

const eslint = new ESLint();

async function refused(room: string, source: string): Promise<boolean> {
  const [result] = await eslint.lintText(`import ${JSON.stringify(source)};\n`, {
    filePath: `src/lib/${room}/anything.ts`,
  });
  return result?.messages.some(({ ruleId }) => ruleId === "no-restricted-imports") ?? false;
}

describe("the walls between the rooms", () => {
  it.each([
    ["market", "$lib/catalogue/albums"],
    ["rating", "../shelf/shelf.svelte"],
    ["shelf", "../../routes/Header.svelte"],
    ["ui", "$lib/api/client"],
    ["api", "$lib/ui/format"],
    ["api", "$lib/account/doors"],
  ])("%s may not import %s", async (room, source) =>
    expect(await refused(room, source)).toBe(true),
  );

  it.each([
    ["market", "$lib/api/client"],
    ["market", "$lib/ui/format"],
    ["market", "./searches"],
    ["finding", "$app/navigation"],
  ])("%s may import %s", async (room, source) => expect(await refused(room, source)).toBe(false));
});
