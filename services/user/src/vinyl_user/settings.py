"""The user service's settings: VINYL_USER_…"""

from vinyl_chassis.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """`signing_keys` is a folder of Ed25519 PKCS#8 PEM files, made there when empty.

    A new key signs only after `signing_key_announced_seconds`: longer than the other services take to
    ask again for a key that they do not know. `admin` is the username of the account that may do
    everything, or "". The `argon2_…` are the cost of a password's hash, and how many are made at once.
    """

    jwks_url: str = ""
    signing_keys: str = ".vinyl/signing-keys"
    signing_key_announced_seconds: float = 45.0
    admin: str = ""
    argon2_memory_kib: int = 19_456
    argon2_passes: int = 2
    argon2_lanes: int = 1
    argon2_threads: int = 1
    argon2_most_waiting: int = 256
