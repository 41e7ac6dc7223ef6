import type { NewSearch } from "$lib/api/shapes";
import { amountTyped } from "$lib/ui/format";
import { gradeOrNull } from "$lib/ui/grades";

/** A saved search as its form holds it: every field text, empty for "anything". */
export interface Draft {
  name: string;
  useWants: boolean;
  query: string;
  amount: string;
  currency: string;
  media: string;
  shipsTo: string;
}

export function newSearch(draft: Draft): NewSearch {
  const amount = amountTyped(draft.amount);
  return {
    name: draft.name.trim(),
    use_wants: draft.useWants,
    query: draft.query.trim() || null,
    max_price: amount === null ? null : { amount, currency: draft.currency },
    min_media_condition: gradeOrNull(draft.media),
    ships_to: draft.shipsTo || null,
  };
}
