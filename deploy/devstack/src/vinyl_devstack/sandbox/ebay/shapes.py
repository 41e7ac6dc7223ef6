"""Items as eBay's Browse API writes them; names are eBay's own."""
# ruff: noqa: N815

from msgspec import UNSET, Struct, UnsetType


class Amount(Struct, frozen=True):
    value: str
    currency: str
    convertedFromValue: str | UnsetType = UNSET
    convertedFromCurrency: str | UnsetType = UNSET


class Image(Struct, frozen=True):
    imageUrl: str


class Category(Struct, frozen=True):
    categoryId: str
    categoryName: str


class Seller(Struct, frozen=True):
    username: str
    feedbackPercentage: str
    feedbackScore: int


class Location(Struct, frozen=True):
    country: str
    city: str | UnsetType = UNSET


class Shipping(Struct, frozen=True):
    shippingCostType: str
    shippingCost: Amount


class ItemSummary(Struct, frozen=True):
    itemId: str
    title: str
    leafCategoryIds: list[str]
    categories: list[Category]
    price: Amount
    itemHref: str
    seller: Seller
    condition: str
    conditionId: str
    shippingOptions: list[Shipping]
    buyingOptions: list[str]
    itemWebUrl: str
    itemLocation: Location
    adultOnly: bool
    legacyItemId: str
    availableCoupons: bool
    itemCreationDate: str
    topRatedBuyingExperience: bool
    priorityListing: bool
    listingMarketplaceId: str
    bidCount: int | UnsetType = UNSET
    currentBidPrice: Amount | UnsetType = UNSET
    itemEndDate: str | UnsetType = UNSET


class SearchAnswer(Struct, frozen=True):
    href: str
    total: int
    limit: int
    offset: int
    next: str | UnsetType = UNSET
    prev: str | UnsetType = UNSET
    itemSummaries: list[ItemSummary] | UnsetType = UNSET
    warnings: list[object] | UnsetType = UNSET


class Aspect(Struct, frozen=True):
    type: str
    name: str
    value: str


class Availability(Struct, frozen=True):
    deliveryOptions: list[str]
    estimatedAvailabilityStatus: str
    estimatedAvailableQuantity: int
    estimatedSoldQuantity: int


class Region(Struct, frozen=True):
    regionName: str
    regionType: str
    regionId: str


class ShipTo(Struct, frozen=True):
    regionIncluded: list[Region]
    regionExcluded: list[Region]


class Returns(Struct, frozen=True):
    returnsAccepted: bool


class ShippingOffer(Struct, frozen=True):
    shippingServiceCode: str
    type: str
    shippingCost: Amount
    quantityUsedForEstimate: int
    additionalShippingCostPerUnit: Amount
    shippingCostType: str


class Item(Struct, frozen=True):
    itemId: str
    sellerItemRevision: str
    title: str
    price: Amount
    categoryPath: str
    categoryIdPath: str
    categoryId: str
    condition: str
    conditionId: str
    conditionDescription: str
    itemLocation: Location
    itemCreationDate: str
    seller: Seller
    estimatedAvailabilities: list[Availability]
    shippingOptions: list[ShippingOffer]
    shipToLocations: ShipTo
    returnTerms: Returns
    taxes: list[object]
    localizedAspects: list[Aspect]
    topRatedBuyingExperience: bool
    buyingOptions: list[str]
    itemWebUrl: str
    description: str
    paymentMethods: list[object]
    enabledForGuestCheckout: bool
    eligibleForInlineCheckout: bool
    lotSize: int
    legacyItemId: str
    priorityListing: bool
    adultOnly: bool
    listingMarketplaceId: str
    gtin: str | UnsetType = UNSET
    mpn: str | UnsetType = UNSET
    bidCount: int | UnsetType = UNSET
    currentBidPrice: Amount | UnsetType = UNSET
    itemEndDate: str | UnsetType = UNSET
