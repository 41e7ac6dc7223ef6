import type { Listing, Money } from "$lib/api/shapes";

type Postage = Listing["postage"];

const WORDS: Record<Postage["basis"], string> = {
  seller: "as the seller says",
  estimate: "estimated",
  unknown: "unknown",
};

/** Where the postage is from, and so how sure it is. */
export function basisInWords(basis: Postage["basis"]): string {
  return WORDS[basis];
}

/** The postage as money, or null where nobody knows it. */
export function amountOf({ amount, currency }: Postage): Money | null {
  return amount === null || currency === null ? null : { amount, currency };
}
