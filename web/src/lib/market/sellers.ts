import { api } from "$lib/api/client";
import { taken } from "$lib/api/problems";
import type { Page, Seller } from "$lib/api/shapes";

export function followedSellers(): Promise<Page<Seller>> {
  return taken(api.GET("/api/v1/sellers", { params: { query: { limit: 100 } } }));
}

export function followSeller(username: string): Promise<Seller> {
  return taken(api.POST("/api/v1/sellers", { body: { provider: "discogs", username } }));
}

export async function unfollowSeller(seller_id: string): Promise<void> {
  await taken(api.DELETE("/api/v1/sellers/{seller_id}", { params: { path: { seller_id } } }));
}
