"""The ways in which people feed a trained network its own output, right and wrong, each with what happens and why.

They are the attempts of somebody who asks how to do it and sees "no continuity between the cells". What each sentence
says is what `tests/generation/test_attempts.py` holds trained networks to.
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
    "Each output is the next input, and the state goes on from step to step: what was read stays remembered, and each "
    "new value costs one step.",
    is_right=True,
)
RESET = Attempt(
    "reset",
    "State reset at every step",
    "The memory is emptied before every step, so each value follows from the last one alone: the network cannot tell "
    "whether the wave was rising or falling there. Soon it stands still, at a value that it answers with itself, or "
    "jumps between a few.",
    is_right=False,
)
ZERO_FILLED = Attempt(
    "zero_filled",
    "Zero-filled window, last output",
    "Zeros fill the places of a window that are not known yet, and its last output is written in as the next value. "
    "By then the network has read so many zeros that it has forgotten the wave: after a sine it says nearly the same "
    "every time, close to 0, whatever the prime was. The right answer stood earlier, at the last known value.",
    is_right=False,
)
REREAD = Attempt(
    "reread",
    "Everything re-read at every step",
    "For each new value everything is read again from the start. That builds up the very state that could have been "
    "carried, so the values are the same, but their cost grows with the square of their number.",
    is_right=True,
)

WAYS = {way.key: way for way in (CARRIED, RESET, ZERO_FILLED, REREAD)}
"""How the output of one and the same network can be fed back."""

PREVIOUS = Attempt(
    "previous",
    "Trained on the previous value",
    "np.roll(x, 1) asks for the value before the one that is read, so the network learned to hand back what it had "
    "just heard. Told the truth, it is right about the past and two steps late for the future; running alone, it "
    "begins with the last value but one that it knows and drifts off from there, and the wave is gone.",
    is_right=False,
)
ZEROS = Attempt(
    "zeros",
    "Fed zeros instead of the wave",
    "The network never hears a wave, in training or later: its output depends on the number of steps alone and is the "
    "same whatever the prime. At best it has learned one wave by heart, and plays that one also where another goes on.",
    is_right=False,
)

ATTEMPTS = WAYS | {attempt.key: attempt for attempt in (PREVIOUS, ZEROS)}


@dataclass(frozen=True)
class Mistake:
    """A mistake in the data, made before training.

    Attributes:
        setting: of a wave, by its flat name.
        wrong, right: its values.
        attempt: what becomes of a network that was trained so.
        label: of the switch that makes it.
    """

    setting: str
    wrong: str
    right: str
    attempt: Attempt
    label: str


MISTAKES = (
    Mistake("inputs", "zeros", "wave", ZEROS, "Feed zeros instead of the wave"),
    Mistake("target", "previous", "next", PREVIOUS, "Ask for the previous value"),
)
"""The two classic ones."""
