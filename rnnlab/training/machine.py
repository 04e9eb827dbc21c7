"""What this machine has chosen after measuring, kept in the lab's folder so that it is measured once.

A measurement near a border falls now on one side and now on the other. The first process that needs a choice measures
and writes it down; every later one reads it, so that one seed gives the same bits in all of them.
"""

from __future__ import annotations

import json
import logging
import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import tensorflow as tf
from filelock import FileLock, Timeout

from rnnlab import __version__
from rnnlab.files import private_folder, write_whole
from rnnlab.home import home_folder

logger = logging.getLogger(__name__)

FILE = "arithmetic.json"

MARGIN = 1.15
"""How clear an advantage must be. A choice is taken from 1.15 times its border on, and one that an earlier version took
on this machine is given up only below the border divided by 1.15. On a busy machine one process measures 1.32 and
another 1.74 for the same product."""

WAIT_SECONDS = 120.0
"""How long to wait for another process that is measuring: far longer than all measurements together take."""

Measure = Callable[[], float]
"""Times something: how many times as fast the faster way is, 0 where this processor cannot go it."""


class Choice(NamedTuple):
    """One thing chosen.

    Attributes:
        speed: how many times as fast, as it was measured; 0 where this processor cannot do it.
        taken: whether it pays.
    """

    speed: float
    taken: bool


class MachineChoices:
    """The choices of this machine, by what was measured.

    Args:
        folder: where they are kept, for all machines and versions that use it.
        machine: which machine this is.
        versions: of the programs that do the arithmetic.
    """

    def __init__(self, folder: Path, machine: str, versions: str):
        self._file = folder / FILE
        self._machine = machine
        self._versions = versions

    def choose(self, question: str, border: float, measure: Measure) -> Choice:
        """What was chosen before, or what this measurement says; two processes at once get the same answer.

        Args:
            question: names the product and its sizes.
            border: how many times as fast it must be, before the margin.
            measure: called if nobody has on this machine with these versions.
        """
        kept = self._kept(question)
        if kept:
            return kept
        try:
            private_folder(self._file.parent)
            with FileLock(self._file.with_suffix(".lock"), timeout=WAIT_SECONDS, mode=0o600):
                # Another process may have measured while this one waited.
                return self._kept(question) or self._keep(question, self._decide(question, border, measure()))
        except (OSError, NotImplementedError, Timeout) as error:  # such as a folder whose files cannot be locked
            logger.warning("what this machine chose cannot be kept in %s: %s", self._file, error)
            return self._decide(question, border, measure())

    def _decide(self, question: str, border: float, speed: float) -> Choice:
        answers = [_choice(answers.get(question)) for answers in self._by_versions(self._read()).values()]
        before = [answer for answer in answers if answer]
        was_taken = bool(before) and before[-1].taken
        return Choice(speed, speed >= (border / MARGIN if was_taken else border * MARGIN))

    def _kept(self, question: str) -> Choice | None:
        return _choice(self._by_versions(self._read()).get(self._versions, {}).get(question))

    def _keep(self, question: str, choice: Choice) -> Choice:
        content = self._read()
        by_versions = self._by_versions(content)
        answers = by_versions.pop(self._versions, {}) | {question: choice._asdict()}
        content[self._machine] = by_versions | {self._versions: answers}  # The newest versions stand last.
        write_whole(self._file, json.dumps(content, indent=1).encode(), private=True)
        return choice

    def _read(self) -> dict[str, Any]:
        """The file's content; empty where it is missing or damaged, and then all is measured anew."""
        try:
            return _mapping(json.loads(self._file.read_text("utf-8")))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            logger.warning(
                "what this machine chose cannot be read from %s, so it is measured anew: %s", self._file, error
            )
            return {}

    def _by_versions(self, content: dict[str, Any]) -> dict[str, dict[str, Any]]:
        return {versions: _mapping(answers) for versions, answers in _mapping(content.get(self._machine)).items()}


def machine_choices() -> MachineChoices:
    """The choices in the lab's folder, see `home_folder`."""
    return MachineChoices(home_folder(), machine_name(), f"TensorFlow {tf.__version__}, RNN Lab {__version__}")


def machine_name() -> str:
    """The processor and its cores, such as `AMD EPYC, family 26, model 17, 2 cores`."""
    try:
        lines = [line.partition(":") for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()]
    except (OSError, ValueError):
        lines = []
    found = {name.strip(): value.strip() for name, _, value in reversed(lines)}  # of the first processor
    processor = found.get("model name") or platform.processor() or platform.machine()
    details = [
        f"{label} {found[name]}" for label, name in (("family", "cpu family"), ("model", "model")) if name in found
    ]
    return ", ".join([processor, *details, f"{os.cpu_count()} cores"])


def _choice(stored: Any) -> Choice | None:
    """A choice that was stored; None where something else stands."""
    found = _mapping(stored)
    speed, taken = found.get("speed"), found.get("taken")
    if not isinstance(speed, int | float) or not isinstance(taken, bool):
        return None
    return Choice(float(speed), taken)


def _mapping(content: Any) -> dict[str, Any]:
    return content if isinstance(content, dict) else {}
