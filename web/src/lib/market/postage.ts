const WORDS: Record<string, string> = {
  listing: "as listed",
  listed: "as listed",
  stated: "as listed",
  estimate: "estimated",
  estimated: "estimated",
  unknown: "unknown",
};

/** How sure the postage is. */
export function basisInWords(basis: string): string {
  return WORDS[basis] ?? basis.replaceAll("_", " ");
}
