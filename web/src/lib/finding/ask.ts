import { api } from "$lib/api/client";
import { taken } from "$lib/api/problems";
import type { FoundPage, Suggestion } from "$lib/api/shapes";
import type { Query } from "./query";

const PER_PAGE = 24;

export function find(query: Query, cursor?: string): Promise<FoundPage> {
  const set = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null));
  return taken(
    api.GET("/api/v1/search", {
      params: { query: { ...set, q: query.q, limit: PER_PAGE, ...(cursor ? { cursor } : {}) } },
    }),
  );
}

export async function suggestions(q: string, signal: AbortSignal): Promise<Suggestion[]> {
  const { items } = await taken(
    api.GET("/api/v1/search/suggest", { params: { query: { q } }, signal }),
  );
  return items;
}
