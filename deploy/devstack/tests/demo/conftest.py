import pytest

from vinyl_devstack.demo.facts import Catalogue
from vinyl_devstack.demo.reading import read_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return read_catalogue()
