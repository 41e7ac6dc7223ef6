import type { Run } from "$lib/api/shapes";
import { latestRuns, runSearch } from "./searches";

const LOOK_EVERY_MS = 700;

/** The runs of one saved search, looked at again and again while one is under way. */
export class RunWatch {
  run = $state.raw<Run | null>(null);
  trouble = $state.raw<unknown>(null);
  #stopped = false;

  constructor(
    private readonly searchId: string,
    private readonly onended: () => Promise<void>,
  ) {}

  get isBusy(): boolean {
    return this.run !== null && isUnderWay(this.run);
  }

  async start(): Promise<void> {
    this.trouble = null;
    try {
      const { run_id } = await runSearch(this.searchId);
      await this.#follow(run_id);
    } catch (thrown) {
      this.trouble = thrown;
    }
  }

  /** Takes up the run the page was loaded with. */
  resume(run: Run | null): void {
    this.run = run;
    if (run === null || !isUnderWay(run)) return;
    this.#follow(run.id).catch((thrown: unknown) => (this.trouble = thrown));
  }

  stop(): void {
    this.#stopped = true;
  }

  async #follow(runId: string): Promise<void> {
    while (!this.#stopped) {
      const run = (await latestRuns(this.searchId)).find(({ id }) => id === runId) ?? null;
      this.run = run;
      if (run === null || !isUnderWay(run)) break;
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
    if (!this.#stopped) await this.onended();
  }
}

function isUnderWay({ state }: Run): boolean {
  return state === "queued" || state === "running";
}
