"""The demo into a running stack: the records by the importer, the listeners through the gateway.

Everything is looked for before it is made, so that a run that was broken off is completed by the next, and
one that was not is left as it is.
"""

import asyncio
import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from vinyl_devstack.demo.categories import add_categories
from vinyl_devstack.demo.dump import write_dump
from vinyl_devstack.demo.facts import Catalogue
from vinyl_devstack.demo.filling import SignedIn, fill
from vinyl_devstack.demo.gateway import Gateway, GatewayRefused
from vinyl_devstack.demo.listeners import DemoListener, read_listeners
from vinyl_devstack.demo.looking_up import Known, NotInCatalogue, look_up
from vinyl_devstack.demo.reading import FOLDER, read_catalogue
from vinyl_devstack.home import Home

WITHIN_SECONDS = 60.0
NAME_IS_GONE = frozenset({"username_taken", "email_taken", "bad_credentials"})


class DemoNotLoaded(Exception):
    """Says what stood in the way; to load again goes on from there."""


class Loaded(NamedTuple):
    """How the listener who is shown signs in, and whether anything had to be done."""

    username: str
    password: str
    is_new: bool


async def load_demo(
    gateway_url: str,
    home: Path,
    *,
    environment: Mapping[str, str] = os.environ,
    within_seconds: float = WITHIN_SECONDS,
) -> Loaded:
    """Does nothing where the same demo was loaded into this home before, so that what people changed since
    stays as they left it. Raises BadDemo and DemoNotLoaded."""
    catalogue = await asyncio.to_thread(read_catalogue)
    listeners = read_listeners(catalogue)
    shown = listeners[0]
    mark, loaded = home / "demo-loaded", fingerprint()
    if mark.exists() and mark.read_text() == loaded:
        return Loaded(shown.username, shown.password, is_new=False)
    failure: BaseException | None = None
    try:
        async with Gateway(gateway_url, within_seconds) as gateway:
            await load(gateway, catalogue, listeners, home, environment)
    except* (GatewayRefused, NotInCatalogue, DemoNotLoaded) as errors:
        failure = first_of(errors)
    if failure is not None:  # raised in the handler, some 3.11 would wrap it in a group again
        raise DemoNotLoaded(f"The demo could not be loaded: {failure}")
    mark.write_text(loaded)
    return Loaded(shown.username, shown.password, is_new=True)


async def load(
    gateway: Gateway,
    catalogue: Catalogue,
    listeners: tuple[DemoListener, ...],
    home: Path,
    environment: Mapping[str, str],
) -> None:
    async with asyncio.TaskGroup() as tasks:
        signing_keys = environment.get("VINYL_USER_SIGNING_KEYS") or Home(home).signing_keys
        adding_categories = tasks.create_task(add_categories(gateway, Path(signing_keys)))
        signing_in = [tasks.create_task(sign_in(gateway, listener)) for listener in listeners]
        await import_dump(catalogue, home, environment)
        known = await look_up(gateway, catalogue, listeners)
        await adding_categories
        for listener, signed_in in zip(listeners, signing_in, strict=True):
            tasks.create_task(fill_if_signed_in(gateway, listener, signed_in, known))


async def import_dump(catalogue: Catalogue, home: Path, environment: Mapping[str, str]) -> None:
    """As `make import` would. Raises DemoNotLoaded with what the importer said."""
    folder = home / "demo"
    folder.mkdir(exist_ok=True)
    files = await asyncio.to_thread(write_dump, catalogue, folder)
    importer = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "vinyl_catalog",
        "import",
        *map(str, files),
        env={**environment, "VINYL_HOME": str(home)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await importer.communicate()
    finally:
        if importer.returncode is None:
            importer.kill()
            await importer.wait()
    if importer.returncode:
        raise DemoNotLoaded(
            f"the importer ended with {importer.returncode}:\n{said.decode(errors='replace')}"
        )


async def sign_in(gateway: Gateway, listener: DemoListener) -> SignedIn | None:
    """None where the name belongs to somebody else. Raises GatewayRefused."""
    account = {"username": listener.username, "email": listener.email, "password": listener.password}
    credentials = {"login": listener.username, "password": listener.password}
    for path, body in (("/auth/signup", account), ("/auth/login", credentials)):
        try:
            answer: dict[str, Any] = await gateway.post(path, body)
        except GatewayRefused as error:
            if error.code not in NAME_IS_GONE:
                raise
        else:
            return SignedIn(answer["access_token"], answer["user"])
    return None


async def fill_if_signed_in(
    gateway: Gateway, listener: DemoListener, signing_in: "asyncio.Task[SignedIn | None]", known: Known
) -> None:
    if signed_in := await signing_in:
        await fill(gateway, listener, signed_in, known)


def fingerprint() -> str:
    """Of everything the demo is made from, its rules included."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted([*FOLDER.rglob("*.toml"), *FOLDER.glob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def first_of(error: BaseException) -> BaseException:
    return first_of(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
