"""`python -m vinyl_catalog --help`"""

import argparse
import gc
import sys

gc.disable()  # What is loaded is no garbage, and to look for some takes a quarter of the start.

from vinyl_catalog.app import create_app, create_worker, import_files  # noqa: E402
from vinyl_catalog.settings import Settings  # noqa: E402
from vinyl_chassis.command import OwnCommand, run  # noqa: E402


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

gc.enable()
if __name__ == "__main__":
    sys.exit(run("catalog", Settings, create_app, create_worker, own=[IMPORT]))
