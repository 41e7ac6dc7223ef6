"""How a process that does nothing but import collects its garbage."""

import gc

_FEW_COLLECTIONS = 200_000


def collect_seldom() -> None:
    """Modules are never garbage, and batches go by the counts of their references."""
    gc.freeze()
    gc.set_threshold(_FEW_COLLECTIONS)
