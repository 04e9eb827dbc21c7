"""What to say of a group of runs: numbers in, words out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rnnlab.config import counted

STATES = {
    "finished": "finished",
    "running": "training",
    "starting": "starting",
    "queued": "waiting",
    "paused": "paused",
    "stopped": "stopped",
    "interrupted": "interrupted",
    "failed": "failed",
}
"""Words for each state of a run, in the order in which they are listed."""


def progress_sentence(states: Sequence[str]) -> str:
    """How far the runs are, such as `4 of 9 runs finished, 2 training, 3 waiting`.

    Args:
        states: of all runs, keys of `STATES`.
    """
    counts = {word: states.count(state) for state, word in STATES.items() if state != "finished"}
    others = [f"{count} {word}" for word, count in counts.items() if count]
    return ", ".join([f"{states.count('finished')} of {counted(len(states), 'run')} finished", *others])


def median_sentence(variants: int, seeds: int, failed: int) -> str:
    """What the thick lines are, and which runs they leave out.

    Args:
        variants: how many settings are compared.
        seeds: runs of each of them.
        failed: runs that failed.
    """
    if seeds < 2:
        return ""
    of_what = f"all {seeds} seeds of a setting" if variants > 1 else f"all {seeds} seeds"
    sentence = f"The median is drawn at the steps that {of_what} have reached."
    if failed == 1:
        return f"{sentence} One run failed: its curve ends there, and it does not count."
    return f"{sentence} {failed} runs failed: their curves end there, and they do not count." if failed else sentence


def best_sentence(medians: Mapping[str, float], is_complete: bool) -> str:
    """Which setting came out lowest, and which highest; "" for fewer than two.

    Args:
        medians: of the final values, by the words of the setting.
        is_complete: whether all runs have finished.
    """
    if len(medians) < 2:
        return ""
    best, worst = min(medians, key=lambda words: medians[words]), max(medians, key=lambda words: medians[words])
    so_far = "" if is_complete else " so far"
    return f"Lowest median{so_far}: {best}, {medians[best]:.3g}. Highest: {worst}, {medians[worst]:.3g}."
