"""What a listener may be called."""

import re
import unicodedata

from vinyl_contracts.claims import Role
from vinyl_contracts.errors import Invalid

SHORTEST = 3
LONGEST = 32

_ALLOWED = re.compile(rf"[a-z0-9_-]{{{SHORTEST},{LONGEST}}}", re.ASCII)

# Segments of public routes, so that a name can never stand where a route does, and names that speak for
# the operator.
_ROUTES = (
    "admin albums api artists auth baskets callback categories collection comments confirm content"
    " credentials deals disable docs email-verification enable enrichment export feed follow followers"
    " following genres google health imports jwks json labels listings live login logout matches me media"
    " metrics notifications oauth offers openapi password password-reset preferences prices products"
    " profile providers ratings ready recommendations refresh releases reports reviews roles run runs search"
    " searches sellers sessions signin signup songs stats stream suggest summary sync tokens upvotes users"
    " v1 wants webhooks well-known"
)
_OPERATORS = (
    "abuse account accounts administrator anyone billing contact everyone help hostmaster info moderation"
    " nobody noreply null official operator postmaster root security settings staff support"
    " superuser sysadmin system undefined vinyl vinylhound webmaster www"
)
RESERVED = frozenset((*_ROUTES.split(), *_OPERATORS.split(), *Role, *(f"{role}s" for role in Role)))

# Signs that a hurried eye takes for one another, each as the letter it is taken for.
_LOOKS = str.maketrans("01i345789", "olleastbg")
_PAIRS = (("rn", "m"), ("vv", "w"))


def canonical_username(typed: str, field: str = "username") -> str:
    """The one spelling that is kept and compared. Raises Invalid for a name nobody may have."""
    name = fold(typed)
    if fold(name) != name:
        raise Invalid.field(field, "has no stable lower-case form")
    if not _ALLOWED.fullmatch(name):
        raise Invalid.field(field, f"must be {SHORTEST} to {LONGEST} of a-z, 0-9, _ and -")
    if is_reserved(name):
        raise Invalid.field(field, "is reserved, or looks like a reserved name")
    return name


def fold(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).casefold()


def is_reserved(name: str) -> bool:
    """Whether a canonical name is a reserved one or would be taken for one."""
    return name in RESERVED or _skeleton(name) in _RESERVED_SKELETONS


def _skeleton(name: str) -> str:
    # A closing 5 numbers a listener ("user5") far more often than it hides an s.
    letters = name.replace("_", "").replace("-", "")
    closing = letters[-1:] if letters.endswith("5") else ""
    looks = letters.removesuffix(closing).translate(_LOOKS) + closing
    for pair, letter in _PAIRS:
        looks = looks.replace(pair, letter)
    return looks


_RESERVED_SKELETONS = frozenset(_skeleton(name) for name in RESERVED)
