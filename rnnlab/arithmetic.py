"""How one run's matrix products are computed: chosen once, kept with the run, and taken up by whoever goes on with it.

Another choice gives other bits. Nothing here loads TensorFlow, so that screens can show it.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

FLOAT32, BFLOAT16 = "float32", "bfloat16"

PARTS = {"window": "whole windows", "step": "single steps", "output": "the output layer"}
"""The products that are chosen apart from each other, and what a person calls them."""


@dataclass(frozen=True)
class RunArithmetic:
    """How the products of training are computed.

    Attributes:
        compiled: whether XLA compiles whole updates.
        window: FLOAT32 or BFLOAT16, for a layer's product of all steps of a window at once.
        step: the same for its products of single steps.
        output: the same for the output layer.
        wide_logits: whether XLA makes the logits of a bfloat16 output layer, which keeps the float32 of their sums.
    """

    compiled: bool = False
    window: str = FLOAT32
    step: str = FLOAT32
    output: str = FLOAT32
    wide_logits: bool = False

    @property
    def short(self) -> str:
        """Such as `bfloat16 and float32`: the precisions of the products."""
        return " and ".join(sorted({getattr(self, part) for part in PARTS}))

    @property
    def words(self) -> str:
        """One sentence for a person."""
        in_half = [words for part, words in PARTS.items() if getattr(self, part) == BFLOAT16]
        *others, last = in_half or ["all products"]
        listed = f"{', '.join(others)} and {last}" if others else last
        rest = ", all others in float32" if 0 < len(in_half) < len(PARTS) else ""
        wide = ", logits kept in float32" if self.wide_logits else ""
        compiled = "; XLA compiles whole updates" if self.compiled else ""
        return f"{listed} in {BFLOAT16 if in_half else FLOAT32}{wide}{rest}{compiled}"

    def to_json(self) -> str:
        """One line of JSON with sorted keys."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)


KINDS = {
    field.name: (True, False) if field.type == "bool" else (FLOAT32, BFLOAT16)
    for field in dataclasses.fields(RunArithmetic)
}
"""The values that each attribute may have."""


def arithmetic_from_json(text: str | bytes | None) -> RunArithmetic | None:
    """What `to_json` wrote; None for anything else, as for a run that was stored before its arithmetic was."""
    try:
        found = json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
    known = isinstance(found, dict) and found.keys() == KINDS.keys()
    if not known or any(found[name] not in KINDS[name] for name in KINDS):
        return None
    return RunArithmetic(**found)
