import { api } from "$lib/api/client";
import { Refused, taken } from "$lib/api/problems";
import type { Album, AlbumSummary, Credit, Genre, Page, Release } from "$lib/api/shapes";

/** What a card shows of an album. */
export type AlbumFace = AlbumSummary;

const seen = new Map<string, Promise<Album | null>>();

export function album(id: string): Promise<Album> {
  return taken(api.GET("/api/v1/albums/{album_id}", { params: { path: { album_id: id } } }));
}

/** Albums by id, each asked for once a visit; those that are gone are left out. */
export async function albumsById(ids: Iterable<string>): Promise<Map<string, Album>> {
  const wanted = [...new Set(ids)];
  const found = await Promise.all(wanted.map(remembered));
  return new Map(found.filter((one) => one !== null).map((one) => [one.id, one]));
}

function remembered(id: string): Promise<Album | null> {
  let asked = seen.get(id);
  if (asked === undefined) {
    asked = album(id).catch((thrown: unknown) => {
      seen.delete(id);
      if (thrown instanceof Refused && thrown.status === 404) return null;
      throw thrown;
    });
    seen.set(id, asked);
  }
  return asked;
}

export function newestAlbums(limit: number): Promise<Page<Album>> {
  return taken(api.GET("/api/v1/albums", { params: { query: { sort: "newest", limit } } }));
}

export async function biggestGenres(most: number): Promise<Genre[]> {
  const { items } = await taken(api.GET("/api/v1/genres"));
  return items.toSorted((one, other) => other.album_count - one.album_count).slice(0, most);
}

export function releasesOf(albumId: string, cursor?: string): Promise<Page<Release>> {
  const query = { limit: 20, ...(cursor === undefined ? {} : { cursor }) };
  return taken(
    api.GET("/api/v1/albums/{album_id}/releases", {
      params: { path: { album_id: albumId }, query },
    }),
  );
}

export function faceOf(album: Album): AlbumFace {
  return { ...album, artist: artistLine(album.artists) };
}

/** "Miles Davis & John Coltrane", as printed on the sleeve. */
export function artistLine(credits: Pick<Credit, "name" | "credited_as" | "join">[]): string {
  return credits
    .map(({ name, credited_as, join }) => shownName(credited_as ?? name) + joined(join))
    .join("")
    .trim();
}

/** The "(2)" that tells artists of one name apart is for the catalogue, not for a sleeve. */
export function shownName(name: string): string {
  return name.replace(/ \(\d+\)$/, "");
}

export function joined(join: string | null): string {
  if (join === null || join === "") return "";
  return join.startsWith(",") ? `${join} ` : ` ${join} `;
}
