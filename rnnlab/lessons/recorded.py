"""What a lesson's experiment came to once, to be shown while it trains again.

The files are written by `python -m rnnlab lessons --record` and never by hand.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from rnnlab.lessons.results import Seen
from rnnlab.plots.lesson_pictures import Line, Picture

FOLDER = "rnnlab.recorded"


@dataclass(frozen=True)
class RecordedResult:
    """A result that was really measured.

    Attributes:
        seen: what the experiment came to.
        date: the day it was made, ISO 8601.
    """

    seen: Seen
    date: str


@cache
def recorded_result(lesson_id: str) -> RecordedResult | None:
    """What was recorded of a lesson; None if nothing was."""
    file = resources.files(FOLDER) / file_name(lesson_id)
    return from_json(file.read_text("utf-8")) if file.is_file() else None


def write(lesson_id: str, result: RecordedResult) -> Path:
    """Keep a result beside the others; returns its file."""
    file = Path(str(resources.files(FOLDER) / file_name(lesson_id)))
    file.write_text(to_json(result), "utf-8")
    return file


def file_name(lesson_id: str) -> str:
    """Of the result of a lesson."""
    return f"lesson-{lesson_id}.json"


def to_json(result: RecordedResult) -> str:
    """The file's text."""
    return json.dumps(dataclasses.asdict(result), indent=None) + "\n"


def from_json(text: str) -> RecordedResult:
    """The result that `to_json` wrote."""
    fields = json.loads(text)
    seen = fields["seen"]
    pictures = {step: _picture(drawn) for step, drawn in seen["pictures"].items()}
    samples = tuple((heading, words) for heading, words in seen["samples"])
    closer = {
        step: {words: _picture(drawn) for words, drawn in pictures.items()} for step, pictures in seen["closer"].items()
    }
    return RecordedResult(Seen(pictures, seen["numbers"], seen["right"], samples, closer), fields["date"])


def _picture(fields: dict[str, Any]) -> Picture:
    lines = tuple(
        Line(**one | {"values": tuple(one["values"]), "places": tuple(one["places"])}) for one in fields["lines"]
    )
    limits = fields["limits"] and tuple(fields["limits"])
    return Picture(**fields | {"places": tuple(fields["places"]), "lines": lines, "limits": limits})
