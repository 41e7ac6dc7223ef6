"""`python -m vinyl_devstack.web_scripts NAME…`: scripts of web/package.json, with the Node there is.

`build` alone builds only what changed.
"""

import argparse
import sys

from vinyl_devstack.process_group import ProcessGroup
from vinyl_devstack.web_build import WebBuild, WebBuildFailed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m vinyl_devstack.web_scripts", description=__doc__)
    parser.add_argument("scripts", nargs="+", metavar="NAME", help="such as build, lint, check, test, client")
    names: list[str] = parser.parse_args().scripts
    group = ProcessGroup()
    try:
        web = WebBuild(group)
        if names == ["build"]:
            web.run()
        else:
            web.run_scripts(names)
    except WebBuildFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        group.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
