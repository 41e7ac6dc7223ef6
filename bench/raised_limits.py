"""The gateway as `python -m vinyl_gateway serve` runs it, but for limits that a bench does not reach.

Everything is counted, together with other gateways, as it is in production.
"""

import sys
from typing import cast

import msgspec

from vinyl_gateway.__main__ import main
from vinyl_gateway.limits.policies import ACCOUNT_POLICIES, ADDRESS_POLICIES, TOKEN_POLICIES, Policy
from vinyl_gateway.public_routes import RouteClass

# Of rate and burst alike: how often the shared store is asked depends on the proportion of the two.
TIMES = 2000

for policies in (ACCOUNT_POLICIES, ADDRESS_POLICIES, TOKEN_POLICIES):
    raised = cast("dict[RouteClass, Policy]", policies)
    for route_class, policy in policies.items():
        raised[route_class] = msgspec.structs.replace(
            policy, per_second=policy.per_second * TIMES, burst=policy.burst * TIMES
        )

if __name__ == "__main__":
    sys.exit(main(["serve"]))
