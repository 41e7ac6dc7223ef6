"""`python -m vinyl_user --help`"""

import sys

from vinyl_chassis.command import run
from vinyl_user.app import create_app, create_worker
from vinyl_user.settings import Settings

if __name__ == "__main__":
    sys.exit(run("user", Settings, create_app, create_worker))
