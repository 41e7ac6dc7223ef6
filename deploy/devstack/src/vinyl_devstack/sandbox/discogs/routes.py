"""Discogs' routes, one handler each."""

from typing import Any

from litestar import Request, Router, delete, get, post, put
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.enums import MediaType
from litestar.params import FromPath

from vinyl_devstack.sandbox.discogs.community import CollectionView, Community, WantsView
from vinyl_devstack.sandbox.discogs.database import Database, SearchView, VersionsView
from vinyl_devstack.sandbox.discogs.database_shapes import ArtistView, MasterView, ReleaseView
from vinyl_devstack.sandbox.discogs.marketplace import InventoryView, Marketplace
from vinyl_devstack.sandbox.discogs.marketplace_shapes import ListingView, Price, ReleaseOnMarket
from vinyl_devstack.sandbox.discogs.member_shapes import (
    FoldersView,
    FolderView,
    IdentityView,
    InstanceAdded,
    ProfileView,
    WantView,
)
from vinyl_devstack.sandbox.discogs.refusals import must_authenticate
from vinyl_devstack.sandbox.discogs.visit import Visit, visit_of

AnyRequest = Request[Any, Any, State]
COLLECTION = "/users/{username:str}/collection"
COPIES = COLLECTION + "/folders/{folder_id:int}/releases"


@get("/oauth/identity")
async def identity(visit: NamedDependency[Visit], community: NamedDependency[Community]) -> IdentityView:
    return await community.identity(visit)


@get("/database/search")
async def search(visit: NamedDependency[Visit], database: NamedDependency[Database]) -> SearchView:
    return await database.search(visit)


@get("/releases/{release_id:int}")
async def release(
    release_id: FromPath[int], visit: NamedDependency[Visit], database: NamedDependency[Database]
) -> ReleaseView:
    return await database.release(release_id, visit)


@get("/masters/{master_id:int}")
async def master(
    master_id: FromPath[int], visit: NamedDependency[Visit], database: NamedDependency[Database]
) -> MasterView:
    return await database.master(master_id, visit)


@get("/masters/{master_id:int}/versions")
async def versions(
    master_id: FromPath[int], visit: NamedDependency[Visit], database: NamedDependency[Database]
) -> VersionsView:
    return await database.versions(master_id, visit)


@get("/artists/{artist_id:int}")
async def artist(
    artist_id: FromPath[int], visit: NamedDependency[Visit], database: NamedDependency[Database]
) -> ArtistView:
    return await database.artist(artist_id, visit)


@get("/users/{username:str}/inventory")
async def inventory(
    username: FromPath[str], visit: NamedDependency[Visit], marketplace: NamedDependency[Marketplace]
) -> InventoryView:
    return await marketplace.inventory(username, visit)


@get("/marketplace/listings/{listing_id:int}")
async def listing(
    listing_id: FromPath[int], visit: NamedDependency[Visit], marketplace: NamedDependency[Marketplace]
) -> ListingView:
    return await marketplace.listing(listing_id, visit)


@get("/marketplace/stats/{release_id:int}")
async def statistics(
    release_id: FromPath[int], visit: NamedDependency[Visit], marketplace: NamedDependency[Marketplace]
) -> ReleaseOnMarket:
    return await marketplace.statistics(release_id, visit)


@get("/marketplace/price_suggestions/{release_id:int}")
async def price_suggestions(
    release_id: FromPath[int], visit: NamedDependency[Visit], marketplace: NamedDependency[Marketplace]
) -> dict[str, Price]:
    return await marketplace.price_suggestions(release_id, visit)


@post("/marketplace/listings")
async def new_listing() -> None:
    """There only so that reading this address is a 405, as on Discogs: nobody sells through the sandbox."""
    raise must_authenticate()


@get("/marketplace/search")
async def marketplace_search() -> None:
    """Closed to everybody, as on Discogs."""
    raise must_authenticate()


@get("/sell/item/{listing_id:int}", media_type=MediaType.TEXT)
async def listing_page(listing_id: FromPath[int], marketplace: NamedDependency[Marketplace]) -> str:
    return await marketplace.page_for_people(listing_id)


@get("/users/{username:str}")
async def profile(
    username: FromPath[str], visit: NamedDependency[Visit], community: NamedDependency[Community]
) -> ProfileView:
    return await community.profile(username, visit)


@get("/users/{username:str}/wants")
async def wants(
    username: FromPath[str], visit: NamedDependency[Visit], community: NamedDependency[Community]
) -> WantsView:
    return await community.wants(username, visit)


@put("/users/{username:str}/wants/{release_id:int}", status_code=201)
async def want(
    username: FromPath[str],
    release_id: FromPath[int],
    request: AnyRequest,
    visit: NamedDependency[Visit],
    community: NamedDependency[Community],
) -> WantView:
    return await community.want(username, release_id, await request.body(), visit)


@post("/users/{username:str}/wants/{release_id:int}", status_code=200)
async def change_want(
    username: FromPath[str],
    release_id: FromPath[int],
    request: AnyRequest,
    visit: NamedDependency[Visit],
    community: NamedDependency[Community],
) -> WantView:
    return await community.want(username, release_id, await request.body(), visit)


@delete("/users/{username:str}/wants/{release_id:int}")
async def unwant(
    username: FromPath[str],
    release_id: FromPath[int],
    visit: NamedDependency[Visit],
    community: NamedDependency[Community],
) -> None:
    await community.unwant(username, release_id, visit)


@get(f"{COLLECTION}/folders")
async def folders(
    username: FromPath[str], visit: NamedDependency[Visit], community: NamedDependency[Community]
) -> FoldersView:
    return await community.folders(username, visit)


@post(f"{COLLECTION}/folders")
async def add_folder(
    username: FromPath[str],
    request: AnyRequest,
    visit: NamedDependency[Visit],
    community: NamedDependency[Community],
) -> FolderView:
    return await community.add_folder(username, await request.body(), visit)


@get(COLLECTION + "/folders/{folder_id:int}")
async def folder(
    username: FromPath[str],
    folder_id: FromPath[int],
    visit: NamedDependency[Visit],
    community: NamedDependency[Community],
) -> FolderView:
    return await community.folder(username, folder_id, visit)


@get(COPIES)
async def collection(
    username: FromPath[str],
    folder_id: FromPath[int],
    visit: NamedDependency[Visit],
    community: NamedDependency[Community],
) -> CollectionView:
    return await community.collection(username, folder_id, visit)


@get(COLLECTION + "/releases/{release_id:int}")
async def copies_owned(
    username: FromPath[str],
    release_id: FromPath[int],
    visit: NamedDependency[Visit],
    community: NamedDependency[Community],
) -> CollectionView:
    return await community.copies_owned(username, release_id, visit)


@post(COPIES + "/{release_id:int}")
async def add_copy(
    username: FromPath[str],
    folder_id: FromPath[int],
    release_id: FromPath[int],
    visit: NamedDependency[Visit],
    community: NamedDependency[Community],
) -> InstanceAdded:
    return await community.add_copy(username, folder_id, release_id, visit)


@delete(COPIES + "/{release_id:int}/instances/{instance_id:int}")
async def remove_copy(
    username: FromPath[str],
    folder_id: FromPath[int],
    release_id: FromPath[int],
    instance_id: FromPath[int],
    visit: NamedDependency[Visit],
    community: NamedDependency[Community],
) -> None:
    await community.remove_copy(username, folder_id, release_id, instance_id, visit)


def discogs_router(database: Database, marketplace: Marketplace, community: Community) -> Router:
    database_routes = [search, release, master, versions, artist]
    marketplace_routes = [
        inventory,
        listing,
        statistics,
        price_suggestions,
        new_listing,
        marketplace_search,
        listing_page,
    ]
    want_routes = [wants, want, change_want, unwant]
    collection_routes = [folders, add_folder, folder, collection, copies_owned, add_copy, remove_copy]
    return Router(
        path="/discogs",
        route_handlers=[
            identity,
            profile,
            *database_routes,
            *marketplace_routes,
            *want_routes,
            *collection_routes,
        ],
        dependencies={
            "visit": Provide(visit_of),
            "database": Provide(lambda: database, sync_to_thread=False),
            "marketplace": Provide(lambda: marketplace, sync_to_thread=False),
            "community": Provide(lambda: community, sync_to_thread=False),
        },
    )
