const WORDS: Record<string, string> = {
  seller: "as the seller says",
  estimate: "estimated",
  unknown: "unknown",
};

/** Where the postage is from, and so how sure it is. */
export function basisInWords(basis: string): string {
  return WORDS[basis] ?? basis;
}
