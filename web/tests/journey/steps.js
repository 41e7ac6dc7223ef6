/**
 * The main job as a person does it in the browser. Labels and names are what a screen reader says.
 * @typedef {import("playwright-core").Page} Page
 */

/** @param {Page} page @param {string} username */
export async function signUp(page, username) {
  await page.goto("/sign-up");
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("E-mail").fill(`${username}@example.org`);
  await page.getByLabel("Password").fill("dead wax and run-outs");
  await page.getByRole("main").getByRole("button", { name: "Sign up" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

/** Types the album's name and takes the suggestion by keyboard. @param {Page} page @param {string} title */
export async function findAlbum(page, title) {
  await page.goto("/");
  const box = page.getByRole("combobox", { name: "Search albums, artists and songs" });
  await box.pressSequentially(title.slice(0, -2), { delay: 20 });
  await page.getByRole("option", { name: title }).first().waitFor();
  await box.press("ArrowDown");
  await box.press("Enter");
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  return new URL(page.url()).pathname.split("/").at(-1);
}

/** @param {Page} page */
export async function wantIt(page) {
  await page.getByRole("button", { name: "Want it" }).click();
  await page.getByLabel("Most you would pay").fill("250");
  await page.getByLabel("Worst condition you would take").selectOption("P");
  await page.getByRole("button", { name: "Add to wants" }).click();
  await page.getByRole("button", { name: "Wanted", pressed: true }).waitFor();
}

/** @param {Page} page @param {string} username */
export async function followSeller(page, username) {
  await page.getByRole("link", { name: "Sellers" }).first().click();
  await page.getByLabel("Seller on Discogs").fill(username);
  await page.getByRole("button", { name: "Follow", exact: true }).click();
  await page.getByRole("button", { name: `Stop following ${username}` }).waitFor();
}

/** @param {Page} page */
export async function saveSearch(page) {
  await page.goto("/searches/new");
  await page.getByLabel("Name").fill("What I want");
  await page.getByLabel("Where it is sent").selectOption("DE");
  await page.getByRole("button", { name: "Save this search" }).click();
  await page.getByRole("heading", { level: 1, name: "What I want" }).waitFor();
}

/**
 * Runs the search, again where the want had not reached the search service yet.
 * @param {Page} page @param {string} albumId
 */
export async function runUntilFound(page, albumId) {
  const copy = page.locator(`article[data-album="${albumId}"]`).first();
  for (let run = 1; run <= 5; run += 1) {
    await page.getByRole("button", { name: "Run it now" }).click();
    await page.getByRole("button", { name: "Searching…" }).waitFor({ state: "hidden" });
    await page.getByText(/^Last run/).waitFor();
    if (await copy.isVisible()) break;
    await page.waitForTimeout(300);
  }
  return {
    wanted: await copy.getByText("Wanted").isVisible(),
    condition: await copy.getByTestId("media-condition").innerText(),
    price: await copy.getByTestId("price").innerText(),
    landed: await copy.getByTestId("landed-price").innerText(),
    link: await copy.getByRole("link", { name: "See the copy" }).getAttribute("href"),
  };
}

/** @param {Page} page @param {string} albumId */
export async function rateIt(page, albumId) {
  await page.goto(`/albums/${albumId}`);
  await page.getByTitle("Essential").click();
  await page.getByRole("button", { name: "Take back", disabled: false }).waitFor();
  return await page.getByTestId("average").innerText();
}
