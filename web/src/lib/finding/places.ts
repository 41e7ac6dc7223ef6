import { addressOf } from "./query";

interface Thing {
  type: string;
  id: string;
  title: string;
  album_id?: string | null;
}

/** The page that shows a thing found. */
export function placeOf({ type, id, title, album_id }: Thing): string {
  if (type === "album") return `/albums/${id}`;
  if (type === "artist") return `/artists/${id}`;
  if (type === "song" && album_id) return `/albums/${album_id}`;
  return type === "label" ? addressOf({ label: title }) : addressOf({ q: title });
}
