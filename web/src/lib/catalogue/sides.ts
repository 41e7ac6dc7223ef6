import type { Track } from "$lib/api/shapes";

export interface Side {
  /** "A" of "A1"; empty where positions name no side. */
  name: string;
  tracks: Track[];
}

/** A tracklist cut into the sides of the record; headings stay with the side that follows. */
export function sidesOf(tracks: Track[]): Side[] {
  const sides: Side[] = [];
  let waiting: Track[] = [];
  for (const track of tracks) {
    if (track.kind === "heading") {
      waiting.push(track);
      continue;
    }
    const name = sideName(track);
    const last = sides.at(-1);
    if (last?.name === name) last.tracks.push(...waiting, track);
    else sides.push({ name, tracks: [...waiting, track] });
    waiting = [];
  }
  if (waiting.length > 0) sides.push({ name: "", tracks: waiting });
  return sides;
}

function sideName({ position, sub_tracks }: Track): string {
  const place = position || sub_tracks[0]?.position || "";
  return /^([A-Z]{1,2})\d*[a-z]?(?:\.|$)/.exec(place)?.[1] ?? "";
}

export function sideSeconds({ tracks }: Side): number | null {
  const known = tracks.map((track) => track.duration_seconds).filter((seconds) => seconds !== null);
  return known.length === 0 ? null : known.reduce((sum, seconds) => sum + seconds, 0);
}
