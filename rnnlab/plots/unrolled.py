"""A recurrent network in one moving picture: three steps side by side, and the source of each input.

teacher-forced        y0         y1         y2          free-running      y0 ---.    y1 ---.    y2
                      ^          ^          ^                             ^     |    ^     |    ^
                     net -----> net -----> net                           net ---|-> net ---|-> net
                      ^          ^          ^                             ^     |    ^     |    ^
                      x0         x1         x2                            x0    '-> y0     '-> y1
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rnnlab.plots import palette
from rnnlab.plots.drawing import Drawing, Picture

STEPS = 3
INPUT, CELL, OUTPUT = 0.0, 1.0, 2.0
"""Heights of the three kinds of boxes."""

HALF_WIDTH, HALF_HEIGHT = 0.27, 0.26
HEIGHT = 168
"""Pixels, so that the picture and the button below it fit on a projector."""

BEATS = 3
"""Beats of one step: the input goes in; output and state go out; the output goes to the next input."""

CYCLE = BEATS * STEPS + 2
"""Beats from one beginning to the next, with a pause at the end."""

BEAT_SECONDS = 0.8


def teacher_forced_picture() -> Picture:
    """Three steps of a network that reads the data. It never reads its predictions."""
    drawing = _network("teacher-forced", [("x", str(step)) for step in range(STEPS)], palette.TARGET)
    return drawing.picture(
        "A recurrent network at three time steps, teacher-forced. At each step an input goes in, a prediction comes "
        "out, and the state is handed on to the next step. Every input is the true value, whatever was predicted."
    )


def free_running_picture() -> Picture:
    """Three steps of a network that reads its own outputs after the first input."""
    inputs = [("x", "0"), *(("y", str(step)) for step in range(STEPS - 1))]
    drawing = _network("free-running", inputs, palette.FREE_RUNNING)
    for step in range(STEPS - 1):
        _feed_back(drawing, step)
    return drawing.picture(
        "The same network, free-running. The state is handed on as before, but each output goes back to the bottom and "
        "is the input of the next step, so an error goes on to the next step too."
    )


def _network(name: str, inputs: list[tuple[str, str]], input_color: str) -> Drawing:
    """Inputs, cells and outputs with the arrows between them, and the dots that move along the arrows."""
    drawing = Drawing((-0.45, 2.95), (-0.32, 2.32), HEIGHT, name)
    for step, (letter, index) in enumerate(inputs):
        color = palette.TARGET if letter == "x" else input_color
        _box(drawing, step, INPUT, letter, index, edge=color)
        _box(drawing, step, CELL, "network", fill=palette.TINTS[0], edge=palette.TEACHER_FORCED)
        _box(drawing, step, OUTPUT, "y", str(step), edge=palette.FREE_RUNNING)
        beat = BEATS * step
        _arrow(drawing, [(step, INPUT + HALF_HEIGHT), (step, CELL - HALF_HEIGHT)], color, beat)
        _arrow(drawing, [(step, CELL + HALF_HEIGHT), (step, OUTPUT - HALF_HEIGHT)], palette.FREE_RUNNING, beat + 1)
        state = [(step + HALF_WIDTH, CELL), (step + 1 - HALF_WIDTH, CELL)]
        _arrow(drawing, state, palette.TEACHER_FORCED, beat + 1)
    drawing.words(STEPS - HALF_WIDTH, CELL + 0.28, "state", size=11)
    return drawing


def _feed_back(drawing: Drawing, step: int) -> None:
    """The path of one output to the next input: to the right, down between two steps, to the right."""
    between = step + 0.5
    way = [
        (step + HALF_WIDTH, OUTPUT),
        (between, OUTPUT),
        (between, INPUT),
        (step + 1 - HALF_WIDTH, INPUT),
    ]
    _arrow(drawing, way, palette.FREE_RUNNING, BEATS * step + 2, is_dotted=True)


def _box(
    drawing: Drawing, x: float, y: float, label: str, index: str = "", fill: str = palette.FAINT, edge: str = ""
) -> None:
    drawing.box(x - HALF_WIDTH, y - HALF_HEIGHT, x + HALF_WIDTH, y + HALF_HEIGHT, fill, edge)
    drawing.words(x, y, label, index=index)


def _arrow(drawing: Drawing, way: list[tuple[float, float]], color: str, beat: int, is_dotted: bool = False) -> None:
    """An arrow along a way, and a dot that moves along it in one beat."""
    for (x0, y0), (x1, y1) in pairwise(way):
        drawing.line(x0, y0, x1, y1, color, 2, is_dotted)
    (x0, _), (x1, y1) = way[-2:]
    drawing.head(x1, y1, "up" if x0 == x1 else "right", 9, color)
    drawing.moving_dot(list(_timed(way, beat)), CYCLE * BEAT_SECONDS, color)


def _timed(way: list[tuple[float, float]], beat: int) -> Iterator[tuple[float, float, float]]:
    """The points of a path, each with the time at which a dot of constant speed passes it, in cycles."""
    lengths = [0.0]
    for (x0, y0), (x1, y1) in pairwise(way):
        lengths.append(lengths[-1] + abs(x1 - x0) + abs(y1 - y0))
    for (x, y), length in zip(way, lengths, strict=True):
        yield (beat + length / lengths[-1]) / CYCLE, x, y
