import type { Suggestion } from "$lib/api/shapes";
import { suggestions } from "./ask";

const PAUSE_MS = 120;
const SHORTEST = 2;

/** Suggestions for what is being typed; the answer to an older keystroke never wins. */
export class Suggester {
  items = $state.raw<Suggestion[]>([]);
  /** Which one the arrow keys stand on; -1 is the box itself. */
  at = $state(-1);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: AbortController | undefined;

  get chosen(): Suggestion | undefined {
    return this.items[this.at];
  }

  typed(text: string): void {
    this.clear();
    const q = text.trim();
    if (q.length >= SHORTEST) this.#timer = setTimeout(() => void this.#ask(q), PAUSE_MS);
  }

  move(by: 1 | -1): void {
    const places = this.items.length + 1;
    this.at = ((this.at + 1 + by + places) % places) - 1;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.items = [];
    this.at = -1;
  }

  async #ask(q: string): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    try {
      const items = await suggestions(q, asked.signal);
      if (!asked.signal.aborted) this.items = items;
    } catch {
      // Suggestions are a convenience: without them the box still searches.
    }
  }
}
