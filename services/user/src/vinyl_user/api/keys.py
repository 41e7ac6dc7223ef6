"""/.well-known/jwks.json"""

from litestar import get
from litestar.di import NamedDependency

from vinyl_user.security.signing_keys import Jwks, SigningKeys


@get("/.well-known/jwks.json", summary="The keys that verify access tokens", tags=["auth"])
async def read_jwks(signing_keys: NamedDependency[SigningKeys]) -> Jwks:
    return signing_keys.published()
