/**
 * `node tests/journey/run.js ADDRESS BROWSER TITLE SELLER`: walks the main job in a real browser and
 * prints what it saw as JSON. Anything the browser complained of is in there too.
 */
import { chromium } from "playwright-core";
import {
  findAlbum,
  followSeller,
  rateIt,
  runUntilFound,
  saveSearch,
  signUp,
  wantIt,
} from "./steps.js";

const [address = "", executablePath = "", title = "", seller = ""] = process.argv.slice(2);
const QUIET = ["quic", "background-networking", "component-update", "sync", "gpu"];

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--no-first-run", ...QUIET.map((name) => `--disable-${name}`)],
});
try {
  const context = await browser.newContext({ baseURL: address, locale: "en-GB" });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (said) => {
    if (said.type() === "error" || said.type() === "warning") complaints.push(said.text());
  });

  await signUp(page, `browser-${Date.now()}`);
  const albumId = (await findAlbum(page, title)) ?? "";
  await wantIt(page);
  await followSeller(page, seller);
  await saveSearch(page);
  const copy = await runUntilFound(page, albumId);
  const average = await rateIt(page, albumId);
  // A reload forgets the access token: the refresh token has to bring the session back.
  await page.reload();
  await page.getByRole("button", { name: "Take back" }).waitFor();
  process.stdout.write(JSON.stringify({ albumId, copy, average, complaints }) + "\n");
} finally {
  await browser.close();
}
