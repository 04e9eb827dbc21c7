"""The one way to wait in a test: for a condition, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

HANGS = 600
"""Seconds after which a process counts as hung and is ended. Far more than any takes, also where others keep every
core busy."""

PATIENCE = 120.0
"""Seconds until a condition counts as one that will never hold. Far more than any takes on a busy machine: a test that
fails is slow, and a test that passes never waits for it."""

LOOK_SECONDS = 0.02


def wait_for(look: Callable[[], T], what: str, seconds: float = PATIENCE, there: Callable[[], Any] | None = None) -> T:
    """Return what `look` returns as soon as it is true.

    Args:
        look: the condition that the next line of the test needs.
        what: is awaited, for the message.
        seconds: after which it fails.
        there: describes what was there instead; without it, the last answer of `look` does.
    Raises:
        AssertionError: the condition did not hold in time; it says what was awaited and what was there.
    """
    until = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > until:
            raise AssertionError(f"Waited {seconds:.0f} s for {what}; there was {there() if there else repr(found)}")
        time.sleep(LOOK_SECONDS)
