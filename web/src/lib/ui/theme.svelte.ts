const STORED_AS = "vinylhound.theme";

type Look = "light" | "dark";

/** Light or dark: as the system says, until the person says otherwise. */
class Theme {
  look = $state<Look>("light");

  start(): void {
    const stored = localStorage.getItem(STORED_AS);
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    this.#wear(stored === "light" || stored === "dark" ? stored : system);
  }

  flip(): void {
    this.#wear(this.look === "dark" ? "light" : "dark");
    localStorage.setItem(STORED_AS, this.look);
  }

  #wear(look: Look): void {
    this.look = look;
    document.documentElement.dataset["theme"] = look;
  }
}

export const theme = new Theme();
