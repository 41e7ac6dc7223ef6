"""`python -m vinyl_search --help`"""

import sys

from vinyl_chassis.command import run
from vinyl_search.app import create_app, create_worker
from vinyl_search.settings import Settings

if __name__ == "__main__":
    sys.exit(run("search", Settings, create_app, create_worker))
