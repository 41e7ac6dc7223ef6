import { api } from "$lib/api/client";
import { taken } from "$lib/api/problems";
import type { Rating, RatingSummary } from "$lib/api/shapes";

export function summaryOf(album_id: string): Promise<RatingSummary> {
  return taken(api.GET("/api/v1/ratings/summary", { params: { query: { album_id } } }));
}

/** The rating `username` gave, or null. */
export async function ratingBy(username: string, album_id: string): Promise<Rating | null> {
  const { items } = await taken(
    api.GET("/api/v1/ratings", { params: { query: { album_id, user: username, limit: 1 } } }),
  );
  return items[0] ?? null;
}

export function rate(album_id: string, rating: number): Promise<Rating> {
  return taken(api.POST("/api/v1/ratings", { body: { album_id, rating } }));
}

export async function withdraw(rating_id: string): Promise<void> {
  await taken(api.DELETE("/api/v1/ratings/{rating_id}", { params: { path: { rating_id } } }));
}
