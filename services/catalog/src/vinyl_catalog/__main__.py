"""`python -m vinyl_catalog --help`"""

import argparse
import sys

from vinyl_catalog.app import create_app, create_worker, import_files
from vinyl_catalog.settings import Settings
from vinyl_chassis.command import OwnCommand, run


def _take_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a dump of artists, labels, masters or releases: .xml or .xml.gz",
    )


IMPORT = OwnCommand("import", "take in Discogs dump files, in any order", _take_files, import_files)

if __name__ == "__main__":
    sys.exit(run("catalog", Settings, create_app, create_worker, own=[IMPORT]))
