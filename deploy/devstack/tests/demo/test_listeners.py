from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from vinyl_contracts.grades import Grade
from vinyl_contracts.money import Money
from vinyl_devstack.demo.categories import read_categories
from vinyl_devstack.demo.facts import Catalogue
from vinyl_devstack.demo.listeners import DemoListener, Titles, read_listeners
from vinyl_devstack.demo.notation import BadNotation
from vinyl_devstack.demo.reading import FOLDER, BadDemo
from vinyl_user.domain.passwords import acceptable_password
from vinyl_user.domain.usernames import canonical_username

GRADES = {grade.value for grade in Grade}


@pytest.fixture(scope="module")
def listeners(catalogue: Catalogue) -> tuple[DemoListener, ...]:
    return read_listeners(catalogue)


def test_demo_comes_first_and_is_not_alone(listeners: tuple[DemoListener, ...]) -> None:
    assert listeners[0].username == "demo"
    assert 7 <= len(listeners) <= 9
    assert listeners[0].sellers == ("second-spin", "needle-drop", "crate-digger")
    assert len(listeners[0].searches) == 1


def test_all_may_sign_up(listeners: tuple[DemoListener, ...]) -> None:
    for listener in listeners:
        assert canonical_username(listener.username) == listener.username
        assert acceptable_password(listener.password, listener.username)


def test_copies_and_wants_are_as_the_api_takes_them(listeners: tuple[DemoListener, ...]) -> None:
    for listener in listeners:
        assert listener.shelf
        assert listener.wants
        for copy in listener.shelf:
            assert {copy.details["media_condition"], copy.details["sleeve_condition"]} <= GRADES
            assert Money(**copy.details["purchase_price"]).minor > 0
        for want in listener.wants:
            assert want.details["min_media_condition"] in GRADES
            assert Money(**want.details["max_price"]).minor > 0


def test_nobody_owns_or_wants_a_record_twice(listeners: tuple[DemoListener, ...]) -> None:
    for listener in listeners:
        owned = Counter(copy.discogs_release_id for copy in listener.shelf)
        wanted = Counter(want.album for want in listener.wants)
        assert max(owned.values()) == 1
        assert max(wanted.values()) == 1


def test_products_are_of_known_categories_and_most_are_published(listeners: tuple[DemoListener, ...]) -> None:
    products = [product for listener in listeners for product in listener.products]
    categories = Counter(category["slug"] for category in read_categories())
    assert set(categories.values()) == {1}
    assert {product.details["category"] for product in products} == set(categories)
    assert Counter(product.details["status"] for product in products) == {"published": 11, "draft": 1}
    assert sum(product.details["price"] is not None for product in products) >= 3
    for product in products:
        assert product.details["price"] is None or Money(**product.details["price"]).minor > 0


def test_a_product_is_about_a_copy_on_the_shelf(catalogue: Catalogue, tmp_path: Path) -> None:
    written = (FOLDER / "listeners.toml").read_text()
    (tmp_path / "listeners.toml").write_text(written.replace('copy = "Closer"', 'copy = "Zombie"'))
    with pytest.raises(BadDemo, match="fintan: 'Zombie' is not on the shelf"):
        read_listeners(catalogue, tmp_path)


def test_tastes_differ_and_meet(listeners: tuple[DemoListener, ...]) -> None:
    for listener in listeners:
        assert len(listener.ratings) >= 20
        assert len(set(listener.ratings.values())) >= 4
        assert set(listener.ratings.values()) <= {1, 2, 3, 4, 5}
    shared = [len(one.ratings.keys() & other.ratings.keys()) for one, other in combinations(listeners, 2)]
    assert max(shared) >= 6
    assert min(shared) <= 2


def test_a_title_names_an_album_and_perhaps_a_pressing(catalogue: Catalogue) -> None:
    titles = Titles(catalogue)
    assert titles.find("Kind Of Blue") == (101, None)
    assert titles.find("Kind Of Blue #3") == (101, 3)
    assert titles.find("#1 Record") == (426, None)
    for wrong in ("Kind Of Green", "Kind Of Blue #9"):
        with pytest.raises(BadNotation):
            titles.find(wrong)
