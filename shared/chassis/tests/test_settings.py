from pathlib import Path

import pytest

from vinyl_chassis.settings import BadSettings, ServiceSettings, load

NEEDED = {"VINYL_RATING_DATABASE_URL": "postgresql://x/y", "VINYL_RATING_JWKS_URL": "http://x"}


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    given = NEEDED | {"VINYL_RATING_PORT": "8123", "VINYL_HOME": str(tmp_path), "VINYL_USER_PORT": "1"}
    assert load(ServiceSettings, "rating", given).port == 8123


def test_the_environment_outranks_the_home(tmp_path: Path) -> None:
    (tmp_path / "settings").mkdir()
    file = tmp_path / "settings" / "rating.env"
    file.write_text("VINYL_RATING_DATABASE_URL=postgresql://home/x?a=b\nVINYL_RATING_JWKS_URL=http://home\n")
    settings = load(
        ServiceSettings, "rating", {"VINYL_HOME": str(tmp_path), "VINYL_RATING_JWKS_URL": "http://env"}
    )
    assert (settings.database_url, settings.jwks_url) == ("postgresql://home/x?a=b", "http://env")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({}, "VINYL_RATING_JWKS_URL is not set"),
        (NEEDED | {"VINYL_RATING_PORT": "eighty"}, "VINYL_RATING_PORT: "),
        (NEEDED | {"VINYL_RATING_LOG_FORMAT": "xml"}, "VINYL_RATING_LOG_FORMAT: "),
    ],
)
def test_what_is_missing_or_wrong_is_named(tmp_path: Path, wrong: dict[str, str], named: str) -> None:
    with pytest.raises(BadSettings, match=named):
        load(ServiceSettings, "rating", {"VINYL_HOME": str(tmp_path), **wrong})
