"""The cost of generating, in words."""

from __future__ import annotations


def cost_sentence(length: int, carried: float, reread: float, ratio: float) -> str:
    """The longest measurement in words.

    Args:
        length: values generated.
        carried: seconds with the state carried.
        reread: seconds with everything re-read.
        ratio: of the two, measured in turns.
    """
    return (
        f"For {length:,} values, carrying the state took {_spoken(carried)}. Re-reading everything took "
        f"{_spoken(reread)}, {ratio:,.{0 if ratio >= 10 else 1}f} times as long, and gave the same values."
    )


def _spoken(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 1 else f"{1e3 * seconds:.3g} ms"
