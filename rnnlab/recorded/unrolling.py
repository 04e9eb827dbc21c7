"""What each way to unroll a network costs, as `python -m benchmarks.unrolling` measured it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

FILE = "unrolling_measured.json"


class Way(NamedTuple):
    """One way's medians.

    Attributes:
        compile_seconds: from the first update's call to its end.
        step_seconds: of one update after that.
        memory_bytes: what the process grew by for both.
    """

    compile_seconds: float
    step_seconds: float
    memory_bytes: float


@dataclass(frozen=True)
class UnrollingMeasured:
    """All ways, at one size.

    Attributes:
        units, num_steps: of the network and its windows; batch 4.
        rounds: processes of each way that the medians are of.
        machine, date: where and when.
        ways: by the setting's choice.
    """

    units: int
    num_steps: int
    rounds: int
    machine: str
    date: str
    ways: dict[str, Way]

    def to_json(self) -> str:
        """The file's text."""
        fields = vars(self) | {"ways": {name: way._asdict() for name, way in self.ways.items()}}
        return json.dumps(fields, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> UnrollingMeasured:
        """What `to_json` gave."""
        fields = json.loads(text)
        return cls(**fields | {"ways": {name: Way(**way) for name, way in fields["ways"].items()}})


@cache
def unrolling_measured() -> UnrollingMeasured | None:
    """The measurement that is part of the project, if it was made."""
    file = resources.files(__package__) / FILE
    return UnrollingMeasured.from_json(file.read_text("utf-8")) if file.is_file() else None
