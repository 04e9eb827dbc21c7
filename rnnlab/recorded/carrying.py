"""What carrying the state was worth in a measurement that was really made.

The file is written by `python -m benchmarks.carry_against_reset --out` and never by hand.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

from rnnlab.config import Experiment, from_flat, to_flat

FILE = "carry-against-reset.json"


@dataclass(frozen=True)
class ReadBothWays:
    """Perplexities of the whole validation text at the last weights of one training.

    Attributes:
        carried: the state carried from the text's start to its end.
        reset: every window read from an empty state.
    """

    carried: float
    reset: float


@dataclass(frozen=True)
class RecordedCarry:
    """Two trainings that differ in nothing but `carry_state`.

    Attributes:
        preset: the preset that it was.
        experiment: all settings, the seed included; its own `carry_state` does not matter.
        command: what made it.
        machine: processor, cores, versions, in one line.
        date: the day it was made, ISO 8601.
        trained_carried: each minibatch started from the state that the one before ended with.
        trained_reset: each minibatch started from an empty state.
    """

    preset: str
    experiment: Experiment
    command: str
    machine: str
    date: str
    trained_carried: ReadBothWays
    trained_reset: ReadBothWays


@cache
def recorded_carry() -> RecordedCarry | None:
    """The measurement that the project carries; None if there is none."""
    file = resources.files("rnnlab.recorded") / FILE
    return carry_from_json(file.read_text("utf-8")) if file.is_file() else None


def carry_to_json(measured: RecordedCarry) -> str:
    """The file's text."""
    fields = dataclasses.asdict(measured) | {"experiment": to_flat(measured.experiment)}
    return json.dumps(fields, indent=1) + "\n"


def carry_from_json(text: str) -> RecordedCarry:
    """The measurement that `carry_to_json` wrote; settings that came later have their defaults."""
    fields = json.loads(text)
    trainings = {name: ReadBothWays(**fields[name]) for name in ("trained_carried", "trained_reset")}
    return RecordedCarry(**fields | trainings | {"experiment": from_flat(fields["experiment"])})
