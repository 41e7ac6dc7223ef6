"""`make dev`: a stack in the foreground, with its demo and the web app, until Ctrl-C."""

import os
import signal
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

import msgspec

from vinyl_devstack.console import Console
from vinyl_devstack.demo.load import DemoNotLoaded
from vinyl_devstack.demo.reading import BadDemo
from vinyl_devstack.home import HomeInUse, HomeUnusable
from vinyl_devstack.nats import NatsDidNotStart
from vinyl_devstack.postgres import PostgresDidNotStart
from vinyl_devstack.readiness import NotReady
from vinyl_devstack.stack import PortTaken, Stack
from vinyl_devstack.web_build import WebBuild, WebBuildFailed

NO = frozenset({"0", "off", "no", "false"})
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class BadChoice(Exception):
    """The message names the variable and says what it should be."""


class Choices(msgspec.Struct, frozen=True):
    """What a person may choose by VINYL_HOME, VINYL_PORT, VINYL_DEMO and VINYL_WEB."""

    home: Path
    port: int
    demo: bool
    web: bool

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Choices":
        given = environment.get("VINYL_PORT", "8080")
        if not given.isascii() or not given.isdigit() or int(given) > 65535:
            raise BadChoice(
                f"VINYL_PORT is {given!r}; it is to be a port, such as 8080, or 0 for any free one."
            )
        home = Path(environment.get("VINYL_HOME") or ".vinyl")
        demo, web = (environment.get(name, "1").lower() not in NO for name in ("VINYL_DEMO", "VINYL_WEB"))
        return cls(home, int(given), demo, web)


def run(environment: Mapping[str, str] = os.environ) -> int:
    """The exit status: 0 after Ctrl-C, 1 with a sentence when it cannot start."""
    console = Console.of_terminal()
    for sign in ENDING:
        signal.signal(sign, interrupt)
    try:
        choices = Choices.of(environment)
        run_until_interrupted(Stack(choices.home, port=choices.port, console=console), choices, console)
    except (BadChoice, HomeInUse, HomeUnusable, PortTaken, PostgresDidNotStart, NatsDidNotStart) as refusal:
        console.say(str(refusal))
        return 1
    except KeyboardInterrupt:
        console.say("Stopped.")
    return 0


def run_until_interrupted(stack: Stack, choices: Choices, console: Console) -> None:
    console.say(f"Starting. Data is kept in {stack.home}.")
    began = time.monotonic()
    stack.start()
    web = WebBuild(stack.process_group)
    try:
        wait_until_ready(stack, console)
        console.say(f"Ready after {time.monotonic() - began:.1f} s.")
        if choices.web:
            build_in_background(web, console)
        signs_in = load_demo(stack, console) if choices.demo else ""
        console.banner(f"Vinylhound: {stack.gateway_url}\n{signs_in}Ctrl-C ends it.")
        wait_for_the_end()
    finally:
        web.cancel()
        stack.stop()


def wait_for_the_end() -> None:
    """A signal is the usual one. A killed `make` sends none: nobody could end what it leaves with Ctrl-C."""
    parent = os.getppid() if "MAKELEVEL" in os.environ else None
    while parent in {None, os.getppid()}:
        time.sleep(0.5)


def wait_until_ready(stack: Stack, console: Console) -> None:
    """Says what is missing, and goes on waiting: the person may mend it while it runs."""
    while True:
        try:
            stack.wait_until_ready()
        except NotReady as error:
            console.say(str(error))
        else:
            return


def load_demo(stack: Stack, console: Console) -> str:
    """A line with the sign-in; none when it could not be loaded, which is said."""
    console.say("Loading the demo …")
    try:
        demo = stack.load_demo()
    except (BadDemo, DemoNotLoaded) as error:
        console.say(str(error))
        return ""
    return f"Sign in as {demo.username} with the password {demo.password}\n"


def build_in_background(web: WebBuild, console: Console) -> None:
    if not web.is_current():
        console.say("Building the web app (once; later starts find it built) …")
        threading.Thread(target=build, args=(web, console), daemon=True).start()


def build(web: WebBuild, console: Console) -> None:
    try:
        web.run()
    except WebBuildFailed as error:
        console.say(f"The web app is not built; the API is not affected. {error}")
    else:
        console.say("The web app is built: reload the page.")


def interrupt(_sign: int, _frame: FrameType | None) -> None:
    """Once: a second Ctrl-C must not keep the first from ending everything."""
    for sign in ENDING:
        signal.signal(sign, signal.SIG_IGN)
    raise KeyboardInterrupt
