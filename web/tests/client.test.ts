import { readFile } from "node:fs/promises";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { format, resolveConfig } from "prettier";
import { expect, it } from "vitest";

const DOCUMENT = new URL("../../docs/openapi.json", import.meta.url);
const CLIENT = new URL("../src/lib/api/schema.d.ts", import.meta.url);

it("speaks the API as it is: `make openapi` writes the client again", async () => {
  const types = await openapiTS(DOCUMENT, { alphabetize: true, silent: true });
  const written = await format(COMMENT_HEADER + astToString(types), {
    ...(await resolveConfig(CLIENT.pathname)),
    parser: "typescript",
  });
  expect(await readFile(CLIENT, "utf8")).toBe(written);
});
