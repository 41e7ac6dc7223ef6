"""A member shows a copy with its picture, and another finds it for sale: through the gateway, for real."""

from io import BytesIO
from typing import Any

from journey import Journey
from PIL import Image


def photograph(quality: int) -> bytes:
    """Of noise, which no coding makes small."""
    file = BytesIO()
    Image.effect_noise((4000, 3000), 80).convert("RGB").save(file, "JPEG", quality=quality, subsampling=0)
    return file.getvalue()


async def test_a_copy_is_shown_found_and_withdrawn(journey: Journey) -> None:
    picture = photograph(88)
    assert 5_000_000 < len(picture) < 10_000_000
    uploaded = await journey.call("POST", "/media", files={"file": ("sleeve.jpg", picture)})
    shown = await journey.client.get(
        uploaded["variants"]["small"]["url"].removeprefix("/api/v1"), headers={"Accept": "image/avif"}
    )
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/avif")
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (shown.headers["vary"], shown.headers["x-content-type-options"]) == ("Accept", "nosniff")
    assert Image.open(BytesIO(shown.content)).size == (480, 360)

    copy = {"album_id": journey.album_id, "media_condition": "VG+"}
    owned = await journey.call("POST", "/collection", json=copy)
    title = f"Ballad of {journey.username}"
    body = {
        "title": title,
        "collection_item_id": owned["id"],
        "media_ids": [uploaded["id"]],
        "price": {"amount": "30.00", "currency": "EUR"},
        "status": "published",
    }

    async def product() -> Any:
        """The copy is heard of in its own time."""
        answer = await journey.client.post("/products", json=body, headers=journey.headers)
        assert answer.status_code in (201, 404), answer.text
        return answer.json() if answer.status_code == 201 else None

    product_id = (await journey.until(product))["id"]

    async def offers() -> list[Any]:
        asked = {"album_id": journey.album_id, "provider": "community"}
        items = (await journey.call("GET", "/offers", params=asked))["items"]
        return [item for item in items if item["title"] == title]

    [offer] = await journey.until(offers)
    assert (offer["media_condition"], offer["price"]["amount"]) == ("VG+", "30.00")
    assert offer["seller"]["username"] == journey.username
    assert offer["url"] == f"/products/{product_id}"

    async def is_found() -> bool:
        found = await journey.call("GET", "/search", params={"q": journey.username, "type": "product"})
        return [item["id"] for item in found["items"]] == [product_id]

    await journey.until(is_found)

    async def is_counted() -> bool:
        return bool((await journey.client.get(f"/products/{product_id}")).json()["view_count"] == 1)

    await journey.until(is_counted)
    await journey.call("PATCH", f"/products/{product_id}", json={"status": "archived"})
    assert (await journey.client.get(f"/products/{product_id}")).status_code == 404

    async def is_withdrawn() -> bool:
        return await offers() == [] and not await is_found()

    await journey.until(is_withdrawn)


async def test_what_is_too_large_for_a_picture_is_refused_at_the_door(journey: Journey) -> None:
    headers = journey.headers | {"Content-Type": "image/jpeg"}
    answer = await journey.client.post("/media", content=b"0" * 11_000_000, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    answer = await journey.client.post("/products", content=b"0" * 2_000_000, headers=journey.headers)
    assert answer.status_code == 413
