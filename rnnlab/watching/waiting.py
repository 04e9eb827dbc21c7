"""Where a run stands in the queue, in words."""

from __future__ import annotations

from rnnlab.lab import Lab
from rnnlab.store.run import Run
from rnnlab.watching.durations import spoken_duration


def queue_words(lab: Lab, run: Run) -> str:
    """Such as `3rd in the queue, starts in about 20 s`; without a time where nothing tells it."""
    place = lab.place_in_queue(run)
    if place is None:
        return "about to start"
    position, seconds = place
    about = "" if seconds is None else f", starts in about {spoken_duration(max(1.0, seconds))}"
    return f"{_ordinal(position)} in the queue{about}"


def _ordinal(position: int) -> str:
    if position % 100 in (11, 12, 13):
        return f"{position}th"
    return f"{position}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(position % 10, 'th') }"
