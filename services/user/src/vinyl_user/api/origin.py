"""Who asks, as far as sign-ins care."""

import ipaddress
from typing import Any

from litestar import Request

from vinyl_chassis.identity import Listener
from vinyl_user.domain.sessions import Origin

# The gateway sets it, and strips it from what clients send: it means something only behind the gateway.
CLIENT_ADDRESS = "x-vinyl-client-address"
_LONGEST_USER_AGENT = 256
# One household or server commands a whole IPv6 network of this size.
_IPV6_NETWORK = 64


def provide_origin(request: Request[Any, Any, Any]) -> Origin:
    user_agent = "".join(sign for sign in request.headers.get("user-agent", "") if sign.isprintable())
    return Origin(_address(request.headers.get(CLIENT_ADDRESS, "")), user_agent[:_LONGEST_USER_AGENT] or None)


def provide_viewer(request: Request[Any, Any, Any]) -> Listener | None:
    """Who reads a public page: somebody signed in, or nobody in particular."""
    viewer = request.scope.get("user")
    return viewer if isinstance(viewer, Listener) else None


def _address(told: str) -> str | None:
    try:
        address = ipaddress.ip_address(told.strip())
    except ValueError:
        return None
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    bits = int(address) >> _IPV6_NETWORK << _IPV6_NETWORK
    return f"{ipaddress.IPv6Address(bits)}/{_IPV6_NETWORK}"
