"""A process that dies comes back, and its last words are shown."""

import io
import os
import signal
import sys
import time
from collections.abc import Callable

from vinyl_devstack.console import Console
from vinyl_devstack.process_group import ProcessGroup
from vinyl_devstack.supervision import Supervised

WaitUntil = Callable[..., None]


def supervise(group: ProcessGroup, script: str) -> tuple[Supervised, io.StringIO]:
    shown = io.StringIO()
    command = [sys.executable, "-u", "-c", script]
    supervised = Supervised(
        "record", lambda output: group.spawn(command, output=output), Console(shown, coloured=False)
    )
    supervised.begin()
    return supervised, shown


def stop(supervised: Supervised) -> None:
    supervised.ask_to_stop()
    supervised.wait_until_stopped(time.monotonic() + 5)


def test_a_killed_process_starts_again_as_another(process_group: ProcessGroup, wait_until: WaitUntil) -> None:
    supervised, shown = supervise(process_group, "import time; print('spinning'); time.sleep(600)")
    wait_until(lambda: "spinning" in shown.getvalue())
    first = supervised.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: shown.getvalue().count("record       | spinning") == 2)
    assert supervised.pid != first
    assert supervised.restarts == 1
    stop(supervised)
    assert "record was ended by SIGKILL" in shown.getvalue()
    assert supervised.restarts == 1


def test_the_last_words_of_the_dead_are_shown(process_group: ProcessGroup, wait_until: WaitUntil) -> None:
    supervised, shown = supervise(process_group, "raise SystemExit('the needle broke')")
    wait_until(lambda: supervised.restarts > 1)
    stop(supervised)
    report = shown.getvalue().partition("vinylhound   | record ended with status 1")[2]
    assert "the needle broke" in report
    assert report.count("record ended with status 1") < 5, "restarts have to slow down"


def test_what_ignores_sigterm_is_killed_at_the_deadline(
    process_group: ProcessGroup, wait_until: WaitUntil
) -> None:
    script = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf'); time.sleep(600)"
    supervised, shown = supervise(process_group, script)
    wait_until(lambda: "deaf" in shown.getvalue())
    supervised.ask_to_stop()
    supervised.wait_until_stopped(time.monotonic() + 0.2)
    assert supervised.process.returncode == -signal.SIGKILL
    assert "is killed" in shown.getvalue()
