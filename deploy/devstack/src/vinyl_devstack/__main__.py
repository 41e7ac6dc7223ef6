"""`python -m vinyl_devstack`: everything on this machine, in the foreground."""

import argparse
import sys

from vinyl_devstack import dev

WHAT = """\
Runs the whole of Vinylhound on this machine until Ctrl-C: embedded PostgreSQL and NATS, the four services,
the gateway with the web app, and sandbox marketplaces."""
SETTINGS = """\
environment:
  VINYL_HOME    where data and settings are kept (.vinyl in the working folder)
  VINYL_PORT    the gateway's port (8080); 0 takes any free one, as the other processes do
  VINYL_DEMO    0 starts without demo data
  VINYL_WEB     0 leaves the web app as it was built last
  VINYL_<SERVICE>_…   any setting of a process; outranks what is written to VINYL_HOME/settings
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m vinyl_devstack",
        description=WHAT,
        epilog=SETTINGS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args()
    return dev.run()


if __name__ == "__main__":
    sys.exit(main())
