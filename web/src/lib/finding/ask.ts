import { api } from "$lib/api/client";
import { taken } from "$lib/api/problems";
import type { Album, Facets, Found, Suggestion } from "$lib/api/shapes";
import type { Query } from "./query";

const PER_PAGE = 24;

/** What was found; `albums` where the catalogue was leafed through without words. */
export interface Finds {
  items: Found[];
  albums: Album[];
  facets: Facets;
  /** Null where nobody counts. */
  total: number | null;
  next_cursor: string | null;
}

export function find(query: Query, cursor?: string): Promise<Finds> {
  return query.q === "" ? leafThrough(query, cursor) : search(query, cursor);
}

async function search(query: Query, cursor?: string): Promise<Finds> {
  const found = await taken(
    api.GET("/api/v1/search", {
      params: { query: { ...limitsOf(query), q: query.q, type: query.type, ...at(cursor) } },
    }),
  );
  return { ...found, albums: [] };
}

async function leafThrough(query: Query, cursor?: string): Promise<Finds> {
  const [page, genres] = await Promise.all([
    taken(
      api.GET("/api/v1/albums", {
        params: { query: { ...limitsOf(query), sort: "title", ...at(cursor) } },
      }),
    ),
    taken(api.GET("/api/v1/genres")),
  ]);
  const genre = genres.items.map(({ name, album_count }) => ({ value: name, count: album_count }));
  const { items: albums, next_cursor } = page;
  return { items: [], albums, facets: { genre }, total: null, next_cursor };
}

export async function suggestions(q: string, signal: AbortSignal): Promise<Suggestion[]> {
  const { items } = await taken(
    api.GET("/api/v1/search/suggest", { params: { query: { q } }, signal }),
  );
  return items;
}

type Limits = Partial<Omit<Query, "q" | "type">>;

function limitsOf(query: Query): Limits {
  const limits = Object.entries(query).filter(
    ([name, value]) => value !== null && name !== "q" && name !== "type",
  );
  return Object.fromEntries(limits);
}

function at(cursor: string | undefined) {
  return { limit: PER_PAGE, ...(cursor === undefined ? {} : { cursor }) };
}
