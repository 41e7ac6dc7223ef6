"""The gateway as `python -m vinyl_gateway serve` runs it, but for limits that a bench does not reach.

Everything is counted, together with other gateways, as it is in production.
"""

import sys
from typing import cast

import msgspec

from vinyl_gateway.__main__ import main
from vinyl_gateway.limits.policies import ACCOUNT_POLICIES, ADDRESS_POLICIES, TOKEN_POLICIES, Policy
from vinyl_gateway.public_routes import RouteClass

A_SECOND = 200_000

for policies in (ACCOUNT_POLICIES, ADDRESS_POLICIES, TOKEN_POLICIES):
    raised = cast("dict[RouteClass, Policy]", policies)
    for route_class, policy in policies.items():
        raised[route_class] = msgspec.structs.replace(policy, per_second=A_SECOND, burst=A_SECOND)

if __name__ == "__main__":
    sys.exit(main(["serve"]))
