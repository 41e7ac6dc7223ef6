import type { Page } from "./shapes";

/** Follows a list's cursors to its end, or to `most` items. */
export async function wholeList<Item>(
  ask: (cursor: string | undefined) => Promise<Page<Item>>,
  most: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(cursor);
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && items.length < most);
  return items;
}
