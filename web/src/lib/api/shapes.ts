import type { components } from "./schema";

type Schemas = components["schemas"];

export type Album = Schemas["AlbumView"];
export type Artist = Schemas["ArtistView"];
export type Credit = Schemas["CreditView"];
export type Track = Schemas["TrackView"];
export type Release = Schemas["ReleaseView"];
export type Found = Schemas["FoundView"];
export type FoundPage = Schemas["FoundPage"];
export type Suggestion = Schemas["SuggestionView"];
export type Genre = Schemas["GenreView"];
export type Account = Schemas["AccountView"];
export type SignedIn = Schemas["SignedInView"];
export type CollectionItem = Schemas["CollectionItemView"];
export type NewCollectionItem = Schemas["NewCollectionItem"];
export type Want = Schemas["WantView"];
export type NewWant = Schemas["NewWant"];
export type Rating = Schemas["RatingView"];
export type RatingSummary = Schemas["RatingSummaryView"];
export type SavedSearch = Schemas["SearchView"];
export type NewSearch = Schemas["NewSearch"];
export type Run = Schemas["RunView"];
export type ProviderRun = Schemas["ProviderRunView"];
export type Listing = Schemas["ListingView"];
export type Seller = Schemas["SellerView"];
export type Money = Schemas["Money"];
export type Problem = Schemas["Problem"];

/** One page of a list, as every list of the API answers. */
export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}
