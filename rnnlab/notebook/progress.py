"""The progress of a training: a bar everywhere, and in a notebook a loss curve that grows in place."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Protocol

import plotly.graph_objects as go

from rnnlab.measures import TRAIN_LOSS, VALID_LOSS
from rnnlab.notebook.figures import loss_figure
from rnnlab.notebook.measured import History, joined, last_of
from rnnlab.notebook.still import still
from rnnlab.notebook.theme import for_notebook
from rnnlab.store.curves import Measured
from rnnlab.watching.trends import NO_POINTS

Progress = Callable[[int, int, Sequence[Any]], None]
"""Called with the updates done, all updates, and what was measured since the last call."""

CURVE_SECONDS = 0.5
"""Between two drawings of the live curve."""

CURVE_SHARE = 0.1
"""Most of the time that drawing may take."""


SHOWN = {TRAIN_LOSS.name: "train loss", VALID_LOSS.name: "valid"}
"""What stands behind the bar, and is drawn."""


class Bar(Protocol):
    """What is used of a bar of tqdm."""

    n: float

    def update(self, n: float = 1) -> Any:
        """Go on by some parts."""

    def set_postfix_str(self, s: str = "", refresh: bool = True) -> None:
        """Write something behind the bar."""

    def close(self) -> None:
        """Nothing more will be done."""


def is_notebook() -> bool:
    """Whether this code runs in the kernel of a notebook, and not in a script or a terminal."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None


def bar(total: int, unit: str, text: str = "") -> Bar:
    """A bar of tqdm: in its notebook form if this is a notebook that has ipywidgets, otherwise in its console form.

    `tqdm.auto` chooses in the same way, but it warns if ipywidgets is missing.

    Args:
        total: number of parts.
        unit: the name of a part.
        text: before the bar.
    """
    if is_notebook() and find_spec("ipywidgets"):
        from tqdm.notebook import tqdm as notebook_bar

        return notebook_bar(total=total, desc=text, unit=unit, dynamic_ncols=True)
    from tqdm import tqdm as console_bar

    # A notebook colours what is written to stderr like an error.
    return console_bar(
        total=total, desc=text, unit=unit, dynamic_ncols=True, file=sys.stdout if is_notebook() else sys.stderr
    )


class LiveFigure:
    """A figure below the bar that is replaced in place: a drawing while it grows, in the end the figure itself.

    It does nothing outside a notebook.

    Args:
        draw: makes the figure as it is now.
    """

    def __init__(self, draw: Callable[[], go.Figure]):
        self._draw = draw
        self._handle: Any = None
        self._next = 0.0
        self._is_shown = is_notebook()

    def show(self, is_last: bool = False) -> None:
        """Draw, unless the last drawing was a moment ago.

        Args:
            is_last: draw in any case, as a figure that can be zoomed.
        """
        began = time.monotonic()
        if not self._is_shown or (began < self._next and not is_last):
            return
        from IPython.display import display

        figure = for_notebook(self._draw())
        # As data: IPython would have a figure show itself, below the last one and not in its place.
        drawing = {"text/html": still(figure), "text/plain": "curves"}
        content = (figure._repr_mimebundle_() if is_last else None) or drawing
        if self._handle is None:
            self._handle = display(content, raw=True, display_id=True)
        else:
            self._handle.update(content, raw=True)
        took = time.monotonic() - began
        self._next = began + max(CURVE_SECONDS, took / CURVE_SHARE)


class Watched(AbstractContextManager["Watched"]):
    """Shows a training while it goes on: call it as the `progress` of `rnnlab.training.train`.

    Args:
        total: number of updates.
        is_perplexity: whether the loss is read as a perplexity.
    """

    def __init__(self, total: int, is_perplexity: bool = False):
        self._bar = bar(total, "step")
        self._history: History = {}
        self._figure = LiveFigure(lambda: loss_figure(self._history, is_perplexity=is_perplexity, x_end=total))
        self._clean = ExitStack()
        self._clean.callback(self._bar.close)

    def __call__(self, step: int, total: int, measurements: Sequence[Measured]) -> None:
        """Show what has been done."""
        self._history = joined(self._history, [one for one in measurements if one.name in SHOWN])
        newest = {words: last_of(self._history, name) for name, words in SHOWN.items() if name in self._history}
        self._bar.set_postfix_str(", ".join(f"{words} {value:.3g}" for words, value in newest.items()), refresh=False)
        self._bar.update(step - self._bar.n)
        if len(self._history.get(VALID_LOSS.name, NO_POINTS)[0]) > 1:
            self._figure.show()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the bar as it is, and the curves as a figure."""
        with self._clean:
            if VALID_LOSS.name in self._history:
                self._figure.show(is_last=True)
