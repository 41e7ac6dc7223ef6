"""What the processes of a drill are told: no settings of the person who runs it, and no rate limits."""

import os


def environment() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("VINYL_")}
    return ours | {"VINYL_GATEWAY_LIMITS": "off"}
