"""How far back the error reaches, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LOST = 1e-3
"""Share of the gradient below which it is called lost."""

KEPT = 0.1
"""Share from which on much of it is called kept."""


def reach_of(norms: np.ndarray) -> int | None:
    """The first distance at which less than a thousandth of the gradient one step back is left; None if there is none.

    Args:
        norms: (K + 1,).
    """
    if len(norms) < 2 or norms[1] == 0:
        return 1
    lost = np.flatnonzero(norms[1:] < LOST * norms[1])
    return int(lost[0]) + 1 if len(lost) else None


def reach_sentence(now: np.ndarray, before: np.ndarray, step: int) -> str:
    """How far the error reaches before training and now.

    Args:
        now, before: (K + 1,), norms with respect to h.
        step: updates that the weights have had.
    """
    farthest = len(now) - 1
    return (
        f"Before training, {_left(reach_of(before), before, farthest)}. "
        f"After {step:,} updates, {_left(reach_of(now), now, farthest)}."
    )


def _left(reach: int | None, norms: np.ndarray, farthest: int) -> str:
    if reach is not None:
        return f"less than a thousandth of the gradient one step back is left {_steps(reach)} back"
    share = norms[-1] / norms[1]
    if share > 1:
        return f"the gradient {_steps(farthest)} back is {share:.3g} times that one step back"
    return f"{_percent(share)} of the gradient one step back is left {_steps(farthest)} back"


def cut_sentence(norms: np.ndarray, window: int, is_sequences: bool) -> str:
    """What the end of the window cuts off in training.

    Args:
        norms: (K + 1,), with respect to h, now.
        window: steps.
        is_sequences: whether a window is a whole separate sequence.
    """
    if is_sequences:
        return "A window is a whole sequence, so training cuts nothing off."
    if window >= len(norms):
        return f"Training reaches back through {window:,} steps, which is farther than this figure."
    share = norms[window:].sum() / norms.sum()
    return (
        f"Training cuts the gradient off after {window:,} steps: from there on it is exactly 0. That part is "
        f"{_percent(share)} of the sum of all norms in this figure."
    )


def clip_sentence(clip_norm: float, gradient_norm: float | None) -> str:
    """What clipping does to this curve.

    Args:
        clip_norm: 0 for none.
        gradient_norm: the newest global norm of the gradient in training; None if it is not known.
    """
    if not clip_norm:
        return "This run does not clip its gradient."
    shape = "It shrinks every part of the gradient by the same factor, so it cannot restore a part that has vanished."
    if gradient_norm is None or not np.isfinite(gradient_norm):
        return f"Clipping limits the norm of the whole gradient to {clip_norm:g}. {shape}"
    if gradient_norm <= clip_norm:
        return (
            f"Clipping limits the norm of the whole gradient to {clip_norm:g}. It was {gradient_norm:.3g} at the last "
            f"measurement, so clipping changed nothing. {shape}"
        )
    return (
        f"Clipping limits the norm of the whole gradient to {clip_norm:g}. It was {gradient_norm:.3g} at the last "
        f"measurement, so this curve was multiplied by {clip_norm / gradient_norm:.2g}. {shape}"
    )


def untrained_sentence(labels: Sequence[str], titles: Sequence[str], shares: np.ndarray) -> str:
    """Which untrained cells keep the error, and which lose it.

    Args:
        labels: of the cells.
        titles: of the ways in which weights start.
        shares: (titles, labels, K + 1), norms over that at k = 1.
    """
    farthest = shares.shape[2] - 1
    parts = []
    for title, by_cell in zip(titles, shares, strict=True):
        ends = by_cell[:, -1]
        kept = [label for label, end in zip(labels, ends, strict=True) if end >= KEPT]
        least = labels[int(np.argmin(ends))]
        keeping = f"A tenth or more is left with {_list(kept)}." if kept else "No cell has a tenth left."
        parts.append(f"{title}: {keeping} The least is left with {least}: {_small(ends.min())}.")
    return f"The gradient {_steps(farthest)} back, as a share of that one step back. {' '.join(parts)}"


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count:,} steps"


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 else f"{share:.2g}" if share < 1e-3 else f"{share:.1%}"


def _small(share: float) -> str:
    return f"{share:.0e}" if share < 1e-3 else f"{share:.2g}"
