"""A small heat map as an image: cheap enough to be drawn again while a run trains."""

from __future__ import annotations

import base64
import struct
import zlib
from html import escape

import numpy as np
from plotly.colors import sample_colorscale, unlabel_rgb

from rnnlab.plots.drawing import Picture

SCALES = {False: "Cividis", True: "RdBu_r"}
"""As in the heat maps of Look inside, by whether the values have a sign."""


def small_map(levels: np.ndarray, is_signed: bool, about: str, height: int) -> Picture:
    """An image with a row for each unit and a column for each step, as wide as its container.

    Args:
        levels: uint8 (units, steps), 0 to 255.
        is_signed: whether 0 stands for -1 and 255 for 1, rather than for 0 and 1.
        about: what it shows, for people who cannot see it.
        height: in pixels.
    """
    image = base64.b64encode(_png(levels, _colors(SCALES[is_signed]))).decode()
    style = f"width:100%;height:{height}px;image-rendering:pixelated"
    return Picture(f'<img alt="{escape(about)}" style="{style}" src="data:image/png;base64,{image}"/>')


def _colors(scale: str) -> bytes:
    """256 colours, three bytes each."""
    sampled = sample_colorscale(scale, list(np.linspace(0, 1, 256)))
    return bytes(round(part) for color in sampled for part in unlabel_rgb(color))


def _png(levels: np.ndarray, colors: bytes) -> bytes:
    """A file in the format PNG with one byte of a palette for each pixel.

    Source: Portable Network Graphics specification, W3C 2003.
    """
    height, width = levels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in levels)  # Filter 0: no filter.
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", colors), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
