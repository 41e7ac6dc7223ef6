"""Bringing a service's schema to its newest revision, from wherever the caller is."""

import concurrent.futures


def migrate(database_url: str, package: str) -> None:
    """In a thread of its own: the caller may be inside an event loop, and Alembic runs one."""
    from vinyl_chassis.migrations import running  # noqa: PLC0415 - slow, and few tests need a database

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pool.submit(running.migrate, database_url, package).result()
