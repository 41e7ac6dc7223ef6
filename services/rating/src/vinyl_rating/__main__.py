"""`python -m vinyl_rating --help`"""

import sys

from vinyl_chassis.command import run
from vinyl_rating.app import create_app, create_worker
from vinyl_rating.settings import Settings

if __name__ == "__main__":
    sys.exit(run("rating", Settings, create_app, create_worker))
