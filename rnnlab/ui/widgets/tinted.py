"""Words of a text in colours that stand for numbers, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from rnnlab.data.vocabulary import visible
from rnnlab.plots.palette import HIGH, LOW

DARKEST = 0.6
"""Opacity of the strongest colour; letters stay readable on it, on a light page and on a dark one."""

STYLE = """
<style>
.tinted {line-height: 2.1; overflow-wrap: anywhere;}
.tinted span {padding: .15rem .3rem; border-radius: .3rem;}
.tinted:not(.characters) span {white-space: nowrap;}
.tinted.characters span {padding: .15rem .05rem; border-radius: 0;}
.tinted small {opacity: .75; font-variant-numeric: tabular-nums;}
.tinted .marked {text-decoration: underline 2px; text-underline-offset: 4px;}
.tinted .wrong {outline: 1.5px dashed currentColor; outline-offset: -1px;}
.tinted .faint {opacity: .45;}
</style>
"""


@dataclass(frozen=True)
class Tinted:
    """One token as it is drawn.

    Attributes:
        token: of the text.
        share: its colour, from -1 (`LOW`) over 0 (none) to 1 (`HIGH`).
        note: small letters behind it.
        marks: classes of `STYLE`.
    """

    token: str
    share: float = 0.0
    note: str = ""
    marks: tuple[str, ...] = ()


def tinted_text(tokens: Sequence[Tinted], kind: str) -> str:
    """HTML: the tokens side by side, each on its colour.

    Args:
        tokens: to draw.
        kind: `words` or `characters`; characters stand without a gap.
    """
    # A line may end after a word, and among characters after a blank.
    spans = [_span(one) + (" " if kind == "words" else "<wbr>" if one.token == " " else "") for one in tokens]
    return f'{STYLE}<div class="tinted {escape(kind)}">{"".join(spans)}</div>'


def background(share: float) -> str:
    """The CSS colour of a share, see `Tinted`."""
    if not np.isfinite(share):
        return "transparent"
    red, green, blue = bytes.fromhex((HIGH if share >= 0 else LOW).removeprefix("#"))
    return f"rgba({red}, {green}, {blue}, {DARKEST * min(abs(share), 1.0):.2f})"


def legend(*entries: Tinted) -> str:
    """HTML: what the colours and marks mean, one sample for each; the token of an entry is its meaning."""
    spans = " ".join(map(_span, entries))
    return f'{STYLE}<div class="tinted" style="font-size: .8rem; line-height: 1.9">{spans}</div>'


def _span(one: Tinted) -> str:
    note = f" <small>{escape(one.note)}</small>" if one.note else ""
    classes = f' class="{" ".join(one.marks)}"' if one.marks else ""
    return f'<span{classes} style="background: {background(one.share)}">{escape(visible(one.token))}{note}</span>'
