import type { Problem } from "./shapes";

const BY_CODE: Record<string, string> = {
  bad_credentials: "That name and password do not belong together. Check both and try again.",
  username_taken: "Somebody already has that username. Choose another.",
  email_taken: "There is an account with that e-mail already. Sign in instead.",
  album_not_found: "This album is not in the catalogue (any more).",
  route_not_found: "There is nothing at this address.",
  seller_not_found: "The marketplace knows no seller of that name. Check the spelling.",
  too_many_failures: "Too many wrong tries. Wait a quarter of an hour, then try again.",
  too_many_searches: "You have as many saved searches as one may have. Delete one first.",
  too_many_sellers: "You follow as many sellers as one may follow. Let one go first.",
  invalid_input: "Some of that cannot be right. Look at the marked fields.",
};

/** A refusal said so that a person knows what to do next. */
export function refusalInWords(
  status: number,
  problem: Partial<Problem>,
  retryAfter: string | null,
): string {
  const known = problem.code === undefined ? undefined : BY_CODE[problem.code];
  if (known !== undefined) return known;
  if (status === 401) return "You are signed out. Sign in and try again.";
  if (status === 429) return `That was too often. Try again in ${retryAfter ?? "60"} seconds.`;
  if (status >= 500) return "Vinylhound is having trouble. Try again in a moment.";
  return problem.detail ?? problem.title ?? "That did not work. Try again.";
}

const PHRASES: [RegExp, string][] = [
  [/Expected `str` of length >= 1\b/, "Fill this in."],
  [/Expected `str` of length >= (\d+)/, "At least $1 characters."],
  [/Expected `str` of length <= (\d+)/, "At most $1 characters."],
  [/Expected `(?:int|float)` >= (\S+)/, "$1 or more."],
  [/Expected `(?:int|float)` <= (\S+)/, "$1 or less."],
  [/Expected `str` matching regex/, "This has letters or signs that do not fit here."],
  [/Object missing required field/, "Fill this in."],
];

/** The server's word on one field, without the vocabulary of programmers. */
export function detailInWords(detail: string): string {
  for (const [pattern, words] of PHRASES) {
    const match = pattern.exec(detail);
    if (match) return match[0].replace(pattern, words);
  }
  return /[.!?…]$/.test(detail) ? sentence(detail) : `${sentence(detail)}.`;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
