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
        help="a dump of artists, labels, masters or releases: .xml or .xml.gz, a path or a web address",
    )
    parser.add_argument(
        "--withdraw",
        choices=["never", "few", "all"],
        default="never",
        help="for whole dumps: withdraw the records that are gone from them, or only where they are few",
    )


IMPORT = OwnCommand("import", "take in Discogs dump files, in any order", _take_files, import_files)

if __name__ == "__main__":
    sys.exit(run("catalog", Settings, create_app, create_worker, own=[IMPORT]))
