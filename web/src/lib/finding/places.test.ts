import { expect, it } from "vitest";
import { placeOf } from "./places";

it.each([
  [{ type: "album", id: "1", title: "Low" }, "/albums/1"],
  [{ type: "artist", id: "2", title: "Can" }, "/artists/2"],
  [{ type: "song", id: "3", title: "So What", album_id: "1" }, "/albums/1"],
  [{ type: "label", id: "4", title: "Blue Note" }, "/search?label=Blue+Note"],
  [{ type: "product", id: "5", title: "A box" }, "/search?q=A+box"],
])("shows %j at %s", (thing, place) => expect(placeOf(thing)).toBe(place));
