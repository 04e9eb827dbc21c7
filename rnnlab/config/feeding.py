"""The ways in which people feed a trained network its own output, right and wrong, each with what happens and why.

They are what people try who ask how to do it and see "no continuity between the cells". Trained networks are held to
each sentence by `tests/generation/test_feeding.py`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WayOfFeeding:
    """One way.

    Attributes:
        key: its name in the link and in the library.
        label: its name on the screen, short enough for a button.
        sentence: whether it is right, what happens, and why.
        is_right: whether it continues the wave as well as the network can.
    """

    key: str
    label: str
    sentence: str
    is_right: bool


CARRIED = WayOfFeeding(
    "carried",
    "Carry the state",
    "Right. Each output becomes the next input, and the state is kept from step to step. The network remembers what it "
    "has read, and each new value costs one step.",
    is_right=True,
)
RESET = WayOfFeeding(
    "reset",
    "Reset the state",
    "Wrong. The state is emptied before every step, so each value depends on the previous one alone. From one value "
    "the network cannot tell whether the wave is rising or falling. It soon settles on a constant value, or jumps "
    "between a few.",
    is_right=False,
)
ZERO_FILLED = WayOfFeeding(
    "zero_filled",
    "Fill with zeros",
    "Wrong. The rest of the window is filled with zeros, and the last output is taken as the next value. By then the "
    "network has read so many zeros that it has forgotten the wave. After a sine it predicts nearly the same value "
    "every time, close to 0, whatever the prime. The right prediction was the output at the last known value.",
    is_right=False,
)
REREAD = WayOfFeeding(
    "reread",
    "Re-read everything",
    "Right but slow. For each new value everything is read again from the start. That rebuilds the state which could "
    "have been carried, so the values are the same, but the cost grows with the square of their number.",
    is_right=True,
)

WAYS = {way.key: way for way in (CARRIED, RESET, ZERO_FILLED, REREAD)}
"""How the output of one and the same network can be fed back."""

PREVIOUS = WayOfFeeding(
    "previous",
    "Trained on the previous value",
    "Wrong. In training, np.roll(x, 1) made the value before each input its target, so the network learned to repeat "
    "what it had just read. Given the true values, it is right about the past and two steps late for the future. "
    "Running alone, it starts from the value before the last one, drifts from there, and loses the wave.",
    is_right=False,
)
ZEROS = WayOfFeeding(
    "zeros",
    "Feed zeros",
    "Wrong. The network reads zeros instead of the wave, in training and afterwards. Its output depends only on the "
    "number of steps and is the same whatever the prime. At best it has memorised one wave, and it repeats that one "
    "even where another wave continues.",
    is_right=False,
)

EVERY_WAY = WAYS | {way.key: way for way in (PREVIOUS, ZEROS)}
"""The same, and what training can do wrong."""


@dataclass(frozen=True)
class Mistake:
    """A mistake in the data, made before training.

    Attributes:
        setting: of a wave, by its flat name.
        wrong, right: its values.
        way: what a network does that was trained in this way.
        label: of the switch that makes it.
    """

    setting: str
    wrong: str
    right: str
    way: WayOfFeeding
    label: str


MISTAKES = (
    Mistake("inputs", "zeros", "wave", ZEROS, "Feed zeros instead of the wave"),
    Mistake("target", "previous", "next", PREVIOUS, "Ask for the previous value"),
)
"""The two classic ones."""
