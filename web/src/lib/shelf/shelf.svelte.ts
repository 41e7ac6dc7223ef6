import { api } from "$lib/api/client";
import { wholeList } from "$lib/api/pages";
import { taken } from "$lib/api/problems";
import type { CollectionItem, NewCollectionItem, NewWant, Want } from "$lib/api/shapes";

const PER_REQUEST = 100;
const MOST = 2_000;

/** What the listener owns and wants, held for the visit, so that every page can mark it. */
class Shelf {
  wants = $state.raw<Want[]>([]);
  copies = $state.raw<CollectionItem[]>([]);
  #filled: Promise<void> | null = null;

  /** Reads both lists, once until `clear`. */
  fill(): Promise<void> {
    this.#filled ??= this.#read().catch((thrown: unknown) => {
      this.#filled = null;
      throw thrown;
    });
    return this.#filled;
  }

  clear(): void {
    this.#filled = null;
    this.wants = [];
    this.copies = [];
  }

  wantOf(albumId: string): Want | undefined {
    return this.wants.find((want) => want.album_id === albumId);
  }

  copiesOf(albumId: string): CollectionItem[] {
    return this.copies.filter((copy) => copy.album_id === albumId);
  }

  async want(wanted: NewWant): Promise<void> {
    const want = await taken(api.POST("/api/v1/wants", { body: wanted }));
    this.wants = [want, ...this.wants.filter(({ id }) => id !== want.id)];
  }

  async unwant(want_id: string): Promise<void> {
    await taken(api.DELETE("/api/v1/wants/{want_id}", { params: { path: { want_id } } }));
    this.wants = this.wants.filter(({ id }) => id !== want_id);
  }

  async own(owned: NewCollectionItem): Promise<void> {
    const copy = await taken(api.POST("/api/v1/collection", { body: owned }));
    this.copies = [copy, ...this.copies];
  }

  async partWith(collection_item_id: string): Promise<void> {
    await taken(
      api.DELETE("/api/v1/collection/{collection_item_id}", {
        params: { path: { collection_item_id } },
      }),
    );
    this.copies = this.copies.filter(({ id }) => id !== collection_item_id);
  }

  async #read(): Promise<void> {
    const query = (cursor?: string) => ({
      params: { query: { limit: PER_REQUEST, ...(cursor === undefined ? {} : { cursor }) } },
    });
    [this.wants, this.copies] = await Promise.all([
      wholeList((cursor) => taken(api.GET("/api/v1/wants", query(cursor))), MOST),
      wholeList((cursor) => taken(api.GET("/api/v1/collection", query(cursor))), MOST),
    ]);
  }
}

export const shelf = new Shelf();
