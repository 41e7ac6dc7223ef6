import type { components } from "./schema";

type Schemas = components["schemas"];

export type Album = Schemas["Album"];
export type Artist = Schemas["Artist"];
export type Credit = Schemas["Credit"];
export type Track = Schemas["Track"];
export type Release = Schemas["Release"];
export type Found = Schemas["Hit"];
export type Facets = Schemas["SearchPage"]["facets"];
export type Suggestion = Schemas["Suggestion"];
export type Genre = Schemas["TagCount"];
export type Profile = Schemas["ProfileView"];
export type SignedIn = Schemas["TokensView"];
export type CollectionItem = Schemas["CollectionItemView"];
export type NewCollectionItem = Schemas["CopyEdit"];
export type Want = Schemas["WantView"];
export type NewWant = Schemas["WantEdit"];
export type Rating = Schemas["RatingView"];
export type RatingSummary = Schemas["SummaryView"];
export type SavedSearch = Schemas["SearchView"];
export type NewSearch = Schemas["NewSearch"];
export type Run = Schemas["RunView"];
export type ProviderRun = Schemas["ProviderRunView"];
/** Without `deal`, which the API keeps a place for and does not fill yet. */
export type Listing = Omit<Schemas["ListingView"], "deal">;
export type Seller = Schemas["SellerView"];
export type AlbumSummary = Schemas["AlbumSummaryView"];
export type Money = Schemas["Money"];
export type Problem = Schemas["Problem"];

/** One page of a list, as every list of the API answers. */
export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}
