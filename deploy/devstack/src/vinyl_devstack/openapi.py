"""`python -m vinyl_devstack.openapi [--check]`: the public document, from the services' own routes.

Nothing runs for it: each application is built, asked for its document, and dropped.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

import vinyl_catalog.app
import vinyl_catalog.settings
import vinyl_rating.app
import vinyl_rating.settings
import vinyl_search.app
import vinyl_search.settings
import vinyl_user.app
import vinyl_user.settings
from vinyl_chassis import documentation
from vinyl_gateway.documentation.merging import merge
from vinyl_gateway.public_routes import PUBLIC_ROUTES, Service

DOCUMENT = Path(__file__).parents[4] / "docs" / "openapi.json"
APPS: dict[Service, Any] = {
    Service.USER: (vinyl_user.app.create_app, vinyl_user.settings.Settings),
    Service.CATALOG: (vinyl_catalog.app.create_app, vinyl_catalog.settings.Settings),
    Service.RATING: (vinyl_rating.app.create_app, vinyl_rating.settings.Settings),
    Service.SEARCH: (vinyl_search.app.create_app, vinyl_search.settings.Settings),
}
NOWHERE = {"database_url": "postgresql://nowhere/nowhere", "jwks_url": "http://nowhere.invalid"}


def main() -> int:
    """With `--check`, status 1 where docs/openapi.json is not what the routes say."""
    parser = argparse.ArgumentParser(prog="python -m vinyl_devstack.openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where it would change")
    written = public_document()
    if not parser.parse_args().check:
        DOCUMENT.write_bytes(written)
        return 0
    if DOCUMENT.exists() and DOCUMENT.read_bytes() == written:
        return 0
    sys.stderr.write(
        "docs/openapi.json is not what the routes say: run make openapi, and read the difference.\n"
    )
    return 1


def public_document() -> bytes:
    documents = {
        service: documentation.document(create_app(msgspec.convert(NOWHERE, settings)))
        for service, (create_app, settings) in APPS.items()
    }
    return msgspec.json.format(msgspec.json.encode(merge(documents, PUBLIC_ROUTES)), indent=2) + b"\n"


if __name__ == "__main__":
    sys.exit(main())
