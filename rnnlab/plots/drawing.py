"""Boxes, lines, arrow heads, words and moving dots, for the pictures that are not charts: HTML without a script.

Each part is a plain element with an absolute position, because Streamlit removes SVG. Horizontal positions are shares
of the width. So a picture is as wide as its container, while its words keep their size and take the page's colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from rnnlab.errors import LabError
from rnnlab.plots import palette

HEADS = {
    "up": "border-width:0 {half}px {size}px;border-bottom-color:{color}",
    "down": "border-width:{size}px {half}px 0;border-top-color:{color}",
    "right": "border-width:{half}px 0 {half}px {size}px;border-left-color:{color}",
    "left": "border-width:{half}px {size}px {half}px 0;border-right-color:{color}",
}
"""An arrow's head: an empty box of which only one corner of the border has a colour."""

CROSS = "cross"
"""The end of a line that nothing passes."""

DOT = 12
"""Pixels across a moving dot."""

BLINK = 1e-4
"""Of a cycle, in which a dot appears or disappears."""

MOTION = (
    ".moving{position:absolute;left:0;top:0;border-radius:50%;opacity:0}"
    "[role=img]:hover .moving{animation-play-state:paused}"
    "@media (prefers-reduced-motion:reduce){.moving{display:none}}"
)
"""The style of every moving dot. The dots stop while the pointer is over their picture. They are hidden if a person's
system asks for reduced motion; the arrows still show the way."""


@dataclass(frozen=True)
class Picture:
    """A finished drawing; a notebook shows it.

    Attributes:
        html: one element, as wide as its container.
    """

    html: str

    def _repr_html_(self) -> str:
        return self.html


class Drawing:
    """Collects the parts of a picture in order: later parts lie above earlier ones.

    Args:
        across, upwards: the first and the last x and y that are visible.
        height: in pixels.
        name: in the names of its motions, which must differ between two pictures of one page.
    """

    def __init__(self, across: Sequence[float], upwards: Sequence[float], height: int, name: str = "drawing") -> None:
        self._left, self._right = across
        self._bottom, self._top = upwards
        self._height = height
        self._name = name
        self._parts: list[str] = []
        self._motions: list[str] = []

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: str, edge: str = palette.QUIET) -> None:
        """A rectangle with a thin edge, from its lower left to its upper right corner."""
        size = f"width:{self._share(x1 - x0):.2f}%;height:{self._pixels(y1 - y0):.1f}px;box-sizing:border-box"
        self._add("box", x0, y1, f"{size};background:{fill};border:1px solid {edge}")

    def line(self, x0: float, y0: float, x1: float, y1: float, color: str, width: float, is_dotted: bool) -> None:
        """A line across or upwards; draw a `head` at its end to make it an arrow.

        Raises:
            ValueError: the line is slanted.
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
            index: a subscript at its end.
            size: of the font, in pixels.
        """
        lines = [f"<b>{escape(heading)}</b>"] if heading else []
        lines += [escape(line) for line in text.split("\n")]
        lines[-1] += f"<sub>{escape(index)}</sub>" if index else ""
        where = "translate(-50%,-50%);text-align:center" if is_centered else "translate(0,-50%)"
        style = f"transform:{where};white-space:nowrap;font-size:{size}px;line-height:1.25;opacity:{opacity}"
        self._add("words", x, y, style, "<br/>".join(lines))

    def moving_dot(self, stops: Sequence[tuple[float, float, float]], cycle: float, color: str) -> None:
        """A dot that appears at its first stop, moves from stop to stop, disappears at the last one, and begins again.

        Args:
            stops: (time, x, y), at least two, the times ascending; 0 is the beginning of the cycle and 1 its end.
            cycle: seconds from one beginning to the next.
            color: of the dot.
        """
        name = f"{self._name}-{len(self._motions)}"
        (first, *start), (last, *end) = stops[0], stops[-1]
        frames = [
            _frame(0, self._moved(*start), is_seen=False),
            _frame(first, self._moved(*start), is_seen=False),
            _frame(first + BLINK, self._moved(*start)),
            *(_frame(time, self._moved(x, y)) for time, x, y in stops[1:]),
            _frame(last + BLINK, self._moved(*end), is_seen=False),
            _frame(1, self._moved(*end), is_seen=False),
        ]
        self._motions.append(f"@keyframes {name}{{{''.join(frames)}}}")
        style = f"width:{DOT}px;height:{DOT}px;background:{color};animation:{name} {cycle:g}s linear infinite"
        self._parts.append(f'<div class="moving" style="{style}"></div>')

    def picture(self, about: str) -> Picture:
        """All of it.

        Args:
            about: what the picture shows, for people who cannot see it.
        """
        # A moving dot measures its way across in shares of this container's width (cqw).
        style = f"position:relative;width:100%;height:{self._height}px;container-type:inline-size"
        motion = f"<style>{MOTION}{''.join(self._motions)}</style>" if self._motions else ""
        parts = motion + "".join(self._parts)
        return Picture(f'<div role="img" aria-label="{escape(about)}" style="{style}">{parts}</div>')

    def _moved(self, x: float, y: float) -> str:
        """The middle of a moving dot at a point."""
        across, down = self._share(x - self._left), self._pixels(self._top - y)
        return f"transform:translate({across:.2f}cqw,{down:.1f}px) translate(-50%,-50%)"

    def _add(self, kind: str, x: float, y: float, style: str, content: str = "") -> None:
        """One element with its upper left corner at a point, unless its style moves it."""
        left, top = self._share(x - self._left), self._pixels(self._top - y)
        where = f"position:absolute;left:{left:.2f}%;top:{top:.1f}px"
        self._parts.append(f'<div class="{kind}" style="{where};{style}">{content}</div>')

    def _share(self, width: float) -> float:
        """Per cent of the whole width."""
        return 100 * width / (self._right - self._left)

    def _pixels(self, height: float) -> float:
        return height * self._height / (self._top - self._bottom)


def _frame(time: float, position: str, is_seen: bool = True) -> str:
    """One key frame of a motion.

    Args:
        time: in cycles, 0 to 1.
        position: a CSS declaration.
    """
    return f"{100 * time:.2f}%{{{position};opacity:{int(is_seen)}}}"
