"""The ways in which people feed a trained network its own output, right and wrong, each with what happens and why.

They are the attempts of somebody who asks how to do it and sees "no continuity between the cells".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Attempt:
    """One way.

    Attributes:
        key: what the link and the library call it.
        label: what a person calls it.
        sentence: what happens, and why.
        is_right: whether it continues the wave as well as the network can.
    """

    key: str
    label: str
    sentence: str
    is_right: bool


CARRIED = Attempt(
    "carried",
    "State carried",
    "Each output is the next input, and the state goes on from step to step: all that was read stays remembered, at "
    "the cost of one step for each new value.",
    is_right=True,
)
RESET = Attempt(
    "reset",
    "State reset at every step",
    "",
    is_right=False,
)
ZERO_FILLED = Attempt(
    "zero_filled",
    "Zero-filled window, last output",
    "",
    is_right=False,
)
REREAD = Attempt(
    "reread",
    "Everything re-read at every step",
    "",
    is_right=True,
)

WAYS = {way.key: way for way in (CARRIED, RESET, ZERO_FILLED, REREAD)}
"""How the output of one and the same network can be fed back."""

PREVIOUS = Attempt("previous", "Trained on the previous value", "", is_right=False)
ZEROS = Attempt("zeros", "Fed zeros instead of the wave", "", is_right=False)
ATTEMPTS = WAYS | {attempt.key: attempt for attempt in (PREVIOUS, ZEROS)}
