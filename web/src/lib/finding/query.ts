export const KINDS = ["album", "artist", "song", "label"] as const;
export type Kind = (typeof KINDS)[number];

/** What a search can be narrowed down by, beside the year. */
export const NARROWINGS = ["genre", "style", "format", "country", "label"] as const;
export type Narrowing = (typeof NARROWINGS)[number];

/** What the address of the search page says to look for. */
export interface Query extends Record<Narrowing, string | null> {
  q: string;
  type: Kind;
  year_from: number | null;
  year_to: number | null;
}

export function queryOf(params: URLSearchParams): Query {
  return {
    q: params.get("q")?.trim() ?? "",
    type: KINDS.find((kind) => kind === params.get("type")) ?? "album",
    genre: params.get("genre"),
    style: params.get("style"),
    format: params.get("format"),
    country: params.get("country"),
    label: params.get("label"),
    year_from: yearOf(params.get("year_from")),
    year_to: yearOf(params.get("year_to")),
  };
}

export function addressOf(query: Partial<Query>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const isDefault = value === null || value === "" || (name === "type" && value === "album");
    if (!isDefault) params.set(name, String(value));
  }
  return params.size > 0 ? `/search?${params}` : "/search";
}

export function isNarrowed(query: Query): boolean {
  const limits = [...NARROWINGS.map((name) => query[name]), query.year_from, query.year_to];
  return limits.some((limit) => limit !== null);
}

/** The same words without any limit. */
export function widened({ q, type }: Query): string {
  return addressOf({ q, type });
}

/** A query in words, for a heading. */
export function titleOf(query: Query): string {
  const limits = NARROWINGS.map((name) => query[name]).filter((limit) => limit !== null);
  return query.q || limits.join(", ") || "All records";
}

function yearOf(text: string | null): number | null {
  return text !== null && /^\d{4}$/.test(text) ? Number(text) : null;
}
