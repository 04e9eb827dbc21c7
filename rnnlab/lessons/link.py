"""What the link of a lesson says."""

from __future__ import annotations

from dataclasses import replace

from rnnlab.config import Setting

_RUNS = Setting("Runs", "Runs of its experiment.", pattern=r"[\w,-]{0,500}", example="ids with commas between")

LESSON: dict[str, tuple[Setting, type]] = {
    "lesson": (Setting("Lesson", "The one that is open.", pattern="[a-z-]{1,64}", example="a name of one"), str),
    "step": (Setting("Step", "Where it is open.", pattern="[a-z-]{0,64}", example="a name such as take-away"), str),
    "trained": (replace(_RUNS, label="Trained"), str),
    "changed": (replace(_RUNS, label="Changed", help="Runs of its experiment with a change."), str),
    "controls": (
        Setting(
            "Controls",
            "The settings that a student may change, in place of its own.",
            pattern=r"\w*(,\w+){0,50}",
            example="names of settings with commas between",
        ),
        str,
    ),
}
"""What the link of Lessons may carry."""
