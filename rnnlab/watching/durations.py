"""Spans of time as a person says them."""

from __future__ import annotations


def spoken_duration(seconds: float) -> str:
    """Such as `8 s`, `3 min`, `2 h 10 min`."""
    if seconds < 90:
        return f"{max(seconds, 0):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
