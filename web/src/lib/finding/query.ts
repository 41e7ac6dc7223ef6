/** What the address of the search page says to look for. */
export interface Query {
  q: string;
  type: Kind;
  genre: string | null;
  year_from: number | null;
  year_to: number | null;
}

export const KINDS = ["album", "artist", "song", "label"] as const;
export type Kind = (typeof KINDS)[number];

export function queryOf(params: URLSearchParams): Query {
  const type = KINDS.find((kind) => kind === params.get("type")) ?? "album";
  return {
    q: params.get("q")?.trim() ?? "",
    type,
    genre: params.get("genre"),
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

function yearOf(text: string | null): number | null {
  return text !== null && /^\d{4}$/.test(text) ? Number(text) : null;
}
