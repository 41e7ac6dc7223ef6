"""Free ports on the loopback interface."""

import random
import socket

LOOPBACK = "127.0.0.1"
# Below where the system takes ports for outgoing connections, so that none of those can take the port of a
# process while it restarts.
RANGE = range(20_000, 32_000)


def free_ports(count: int) -> list[int]:
    """Distinct ports that nobody listens on now."""
    found: list[int] = []
    for port in random.SystemRandom().sample(RANGE, len(RANGE)):
        if len(found) == count:
            break
        if not is_taken(port):
            found.append(port)
    return found


def is_taken(port: int) -> bool:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((LOOPBACK, port))
        except OSError:
            return True
        return False
