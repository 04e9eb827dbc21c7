"""Boxes, lines, arrow heads and words, for the pictures that are no charts: HTML that needs no script.

Plain elements in places of their own: Streamlit lets no SVG through. Places across are shares of the width, so a
picture is as wide as what it stands in while its words keep their size and have the page's colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from rnnlab.errors import LabError
from rnnlab.plots import palette

HEADS = {
    "up": "border-width:0 {half}px {size}px;border-bottom-color:{color}",
    "right": "border-width:{half}px 0 {half}px {size}px;border-left-color:{color}",
    "left": "border-width:{half}px {size}px {half}px 0;border-right-color:{color}",
}
"""An arrow's head, as a box that is nothing but one coloured corner of its edge."""

CROSS = "cross"
"""What ends a line where nothing passes."""


@dataclass(frozen=True)
class Picture:
    """A finished drawing; a notebook shows it.

    Attributes:
        html: one element, as wide as what it stands in.
    """

    html: str

    def _repr_html_(self) -> str:
        return self.html


class Drawing:
    """Collects what is drawn, in order: later parts lie above earlier ones.

    Args:
        across, upwards: the first and the last x and y that are seen.
        height: in pixels.
    """

    def __init__(self, across: Sequence[float], upwards: Sequence[float], height: int) -> None:
        self._left, self._right = across
        self._bottom, self._top = upwards
        self._height = height
        self._parts: list[str] = []

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: str, edge: str = palette.QUIET) -> None:
        """A rectangle with a thin edge, from its lower left to its upper right corner."""
        size = f"width:{self._share(x1 - x0):.2f}%;height:{self._pixels(y1 - y0):.1f}px;box-sizing:border-box"
        self._add("box", x0, y1, f"{size};background:{fill};border:1px solid {edge}")

    def line(self, x0: float, y0: float, x1: float, y1: float, color: str, width: float, is_dotted: bool) -> None:
        """A line across or upwards; draw a `head` at its end to make it an arrow.

        Raises:
            ValueError: it is neither.
        """
        if x0 != x1 and y0 != y1:
            raise LabError(f"A line from ({x0}, {y0}) to ({x1}, {y1}) is slanted; draw one across or upwards.")
        style = f"{width}px {'dotted' if is_dotted else 'solid'} {color}"
        if x0 == x1:
            length, edge = f"height:{self._pixels(abs(y1 - y0)):.1f}px;margin-left:{-width / 2}px", "border-left"
        else:
            length, edge = f"width:{self._share(abs(x1 - x0)):.2f}%;margin-top:{-width / 2}px", "border-top"
        self._add("line", min(x0, x1), max(y0, y1), f"{length};{edge}:{style}")

    def head(self, x: float, y: float, shape: str, size: int, color: str) -> None:
        """One of `HEADS` or `CROSS`, `size` pixels wide, around a point."""
        middle = "transform:translate(-50%,-50%)"
        if shape == CROSS:
            self._add("head cross", x, y, f"{middle};font-size:{1.8 * size}px;line-height:1;color:{color}", "×")
            return
        corner = HEADS[shape].format(size=size, half=size / 2, color=color)
        self._add(f"head {shape}", x, y, f"{middle};border:solid transparent;{corner}")

    def words(
        self,
        x: float,
        y: float,
        text: str,
        *,
        heading: str = "",
        index: str = "",
        is_centered: bool = True,
        size: int = 12,
        opacity: float = 1.0,
    ) -> None:
        """Text around a point, or to the right of it.

        Args:
            text: in lines.
            heading: a line above it, bold.
            index: small and low behind it.
            size: of the font, in pixels.
        """
        lines = [f"<b>{escape(heading)}</b>"] if heading else []
        lines += [escape(line) for line in text.split("\n")]
        lines[-1] += f"<sub>{escape(index)}</sub>" if index else ""
        where = "translate(-50%,-50%);text-align:center" if is_centered else "translate(0,-50%)"
        style = f"transform:{where};white-space:nowrap;font-size:{size}px;line-height:1.25;opacity:{opacity}"
        self._add("words", x, y, style, "<br/>".join(lines))

    def picture(self, about: str) -> Picture:
        """All of it.

        Args:
            about: what is seen, for who cannot see it.
        """
        style = f"position:relative;width:100%;height:{self._height}px"
        return Picture(f'<div role="img" aria-label="{escape(about)}" style="{style}">{"".join(self._parts)}</div>')

    def _add(self, kind: str, x: float, y: float, style: str, content: str = "") -> None:
        """One element with its upper left corner at a point, unless its style moves it."""
        left, top = self._share(x - self._left), self._pixels(self._top - y)
        place = f"position:absolute;left:{left:.2f}%;top:{top:.1f}px"
        self._parts.append(f'<div class="{kind}" style="{place};{style}">{content}</div>')

    def _share(self, width: float) -> float:
        """Per cent of the whole width."""
        return 100 * width / (self._right - self._left)

    def _pixels(self, height: float) -> float:
        return height * self._height / (self._top - self._bottom)
