"""Values that nothing can be done with."""

from __future__ import annotations


class Unwritable:
    """An object that raises an error when it is written or converted to a number."""

    def __repr__(self) -> str:
        raise RuntimeError("cannot be written")

    def __float__(self) -> float:
        raise RuntimeError("is no number")


def nested_list(depth: int) -> list:
    """A list in a list in a list."""
    inner: list = []
    for _ in range(depth):
        inner = [inner]
    return inner
