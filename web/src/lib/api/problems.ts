import type { Problem } from "./shapes";
import { detailInWords, refusalInWords } from "./words";

/** The server answered with a problem document. `message` is for people. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  /** What is wrong with each input field, by the field's name. */
  readonly fields: Record<string, string>;

  constructor(status: number, problem: Partial<Problem>, retryAfter: string | null) {
    super(refusalInWords(status, problem, retryAfter));
    this.status = status;
    this.code = problem.code ?? "unknown";
    this.requestId = problem.request_id ?? null;
    this.fields = Object.fromEntries(
      (problem.errors ?? []).map(({ field, detail }) => [field, detailInWords(detail)]),
    );
  }
}

/** No answer came at all. */
export class Unreachable extends Error {
  constructor(options?: ErrorOptions) {
    super("Vinylhound does not answer. Check your connection, then try again.", options);
  }
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer; a refusal is thrown as `Refused`. */
export async function taken<Data>(asked: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await asked;
  if (response.ok) return data as Data;
  const problem = typeof error === "object" && error !== null ? (error as Partial<Problem>) : {};
  throw new Refused(response.status, problem, response.headers.get("Retry-After"));
}

/** What to tell a person about anything that was thrown. */
export function toldAs(thrown: unknown): string {
  if (thrown instanceof Refused || thrown instanceof Unreachable) return thrown.message;
  return "Something went wrong on this page. Reload it and try again.";
}
