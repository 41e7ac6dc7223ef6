"""Offers written in the shapes of the Browse API."""

from urllib.parse import quote

import msgspec
from msgspec import UNSET

from vinyl_devstack.sandbox.ebay.marketplaces import Reader
from vinyl_devstack.sandbox.ebay.offers import CATEGORY_NAMES, MUSIC, Offer, amount, bid_fields, stamp
from vinyl_devstack.sandbox.ebay.shapes import (
    Aspect,
    Availability,
    Category,
    Item,
    ItemSummary,
    Location,
    Region,
    Returns,
    Seller,
    Shipping,
    ShippingOffer,
    ShipTo,
)
from vinyl_devstack.sandbox.market.pressing import squeezed
from vinyl_devstack.sandbox.market.shops import Shop

WORLDWIDE = Region("Worldwide", "WORLDWIDE", "WORLDWIDE")
EVERYWHERE_ELSE = Region("Everywhere else", "WORLD_REGION", "REST_OF_WORLD")


def summary_of(offer: Offer, reader: Reader) -> ItemSummary:
    shop, (condition_id, condition) = offer.copy.shop, offer.condition
    postage = offer.postage(reader.country)
    summary = ItemSummary(
        itemId=offer.item_id,
        title=offer.title,
        leafCategoryIds=[offer.category],
        categories=[Category(each, CATEGORY_NAMES[each]) for each in (offer.category, MUSIC)],
        price=amount(offer.minor, shop.currency, reader),
        itemHref=f"{reader.root}/ebay/buy/browse/v1/item/{quote(offer.item_id, safe='')}",
        seller=_seller(shop),
        condition=condition,
        conditionId=condition_id,
        shippingOptions=(
            [] if postage is None else [Shipping("FIXED", amount(postage, shop.currency, reader))]
        ),
        buyingOptions=offer.buying_options,
        itemWebUrl=_web_address(offer, reader),
        itemLocation=Location(shop.country),
        adultOnly=False,
        legacyItemId=offer.legacy_id,
        availableCoupons=False,
        itemCreationDate=stamp(offer.posted),
        topRatedBuyingExperience=False,
        priorityListing=False,
        listingMarketplaceId=reader.site,
    )
    return msgspec.structs.replace(summary, **bid_fields(offer, reader))


def item_of(offer: Offer, reader: Reader) -> Item:
    shop, pressing, (condition_id, condition) = offer.copy.shop, offer.copy.pressing, offer.condition
    codes = [squeezed(code) for code in pressing.barcodes]
    item = Item(
        itemId=offer.item_id,
        sellerItemRevision="1",
        title=offer.title,
        price=amount(offer.minor, shop.currency, reader),
        categoryPath="|".join(CATEGORY_NAMES[each] for each in (MUSIC, offer.category)),
        categoryIdPath=f"{MUSIC}|{offer.category}",
        categoryId=offer.category,
        condition=condition,
        conditionId=condition_id,
        conditionDescription=offer.copy.remark,
        itemLocation=Location(shop.country, shop.city),
        itemCreationDate=stamp(offer.posted),
        seller=_seller(shop),
        estimatedAvailabilities=[Availability(["SHIP_TO_HOME"], "IN_STOCK", 1, 0)],
        shippingOptions=_shipping(offer, reader),
        shipToLocations=ShipTo([WORLDWIDE if shop.ships_abroad else _home(shop)], _excluded(shop)),
        returnTerms=Returns(returnsAccepted=False),
        taxes=[],
        localizedAspects=_aspects(offer),
        topRatedBuyingExperience=False,
        buyingOptions=offer.buying_options,
        itemWebUrl=_web_address(offer, reader),
        description=f"{pressing.description}. {offer.copy.remark}".strip(),
        paymentMethods=[],
        enabledForGuestCheckout=True,
        eligibleForInlineCheckout=True,
        lotSize=0,
        legacyItemId=offer.legacy_id,
        priorityListing=False,
        adultOnly=False,
        listingMarketplaceId=reader.site,
        gtin=codes[0] if codes else UNSET,
        mpn=pressing.catalogue_number or UNSET,
    )
    return msgspec.structs.replace(item, **bid_fields(offer, reader))


def _seller(shop: Shop) -> Seller:
    return Seller(shop.username, shop.rating, shop.rated_by)


def _web_address(offer: Offer, reader: Reader) -> str:
    return f"{reader.root}/ebay/itm/{offer.legacy_id}"


def _home(shop: Shop) -> Region:
    return Region(shop.country_name, "COUNTRY", shop.country)


def _excluded(shop: Shop) -> list[Region]:
    return [] if shop.ships_abroad else [EVERYWHERE_ELSE]


def _shipping(offer: Offer, reader: Reader) -> list[ShippingOffer]:
    shop, postage = offer.copy.shop, offer.postage(reader.country)
    if postage is None:
        return []
    further = amount(shop.further_postage, shop.currency, reader)
    first = amount(postage, shop.currency, reader)
    return [ShippingOffer("Standard Shipping", "Standard Shipping", first, 1, further, "FIXED")]


def _aspects(offer: Offer) -> list[Aspect]:
    copy, pressing = offer.copy, offer.copy.pressing
    said = {
        "Artist": pressing.artist,
        "Release Title": pressing.title,
        "Record Label": pressing.label,
        "Format": "Record" if pressing.is_vinyl else pressing.format,
        "Release Year": str(pressing.year or ""),
        "Country/Region of Manufacture": pressing.country,
        "Catalog Number": pressing.catalogue_number,
        "Genre": ", ".join(pressing.genres),
        "Style": ", ".join(pressing.styles),
        "Record Grading": copy.condition,
        "Sleeve Grading": copy.sleeve_condition,
    }
    return [Aspect("STRING", name, value) for name, value in said.items() if value]
