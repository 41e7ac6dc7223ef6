import { api } from "$lib/api/client";
import { taken } from "$lib/api/problems";
import type { Listing, NewSearch, Page, Run, SavedSearch } from "$lib/api/shapes";

const at = (search_id: string) => ({ path: { search_id } });

export function savedSearches(): Promise<Page<SavedSearch>> {
  return taken(api.GET("/api/v1/searches", { params: { query: { limit: 100 } } }));
}

export function savedSearch(id: string): Promise<SavedSearch> {
  return taken(api.GET("/api/v1/searches/{search_id}", { params: at(id) }));
}

export function saveSearch(search: NewSearch): Promise<SavedSearch> {
  return taken(api.POST("/api/v1/searches", { body: search }));
}

export async function dropSearch(id: string): Promise<void> {
  await taken(api.DELETE("/api/v1/searches/{search_id}", { params: at(id) }));
}

export function runSearch(id: string): Promise<{ run_id: string }> {
  return taken(api.POST("/api/v1/searches/{search_id}/run", { params: at(id) }));
}

export async function latestRuns(id: string): Promise<Run[]> {
  const params = { ...at(id), query: { limit: 5 } };
  return (await taken(api.GET("/api/v1/searches/{search_id}/runs", { params }))).items;
}

/** What eBay sells may not stand in one list with other markets' copies, so it is asked for apart. */
export type Panel = "markets" | "ebay";

export function resultsOf(id: string, panel: Panel, cursor?: string): Promise<Page<Listing>> {
  const query = {
    limit: 30,
    ...(panel === "ebay" ? { provider: panel } : {}),
    ...(cursor === undefined ? {} : { cursor }),
  };
  return taken(api.GET("/api/v1/searches/{search_id}/results", { params: { ...at(id), query } }));
}
