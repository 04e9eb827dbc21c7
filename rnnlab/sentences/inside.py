"""Look inside: why a figure does not apply to a run, in words."""

from __future__ import annotations

from typing import cast

from rnnlab.config import Experiment, SineData


def needs_free_run(experiment: Experiment) -> str | None:
    """Why a network cannot run alone; None if it can."""
    if experiment.model.is_bidirectional:
        return "A bidirectional network cannot run alone: it would have to read a future that does not exist yet."
    if experiment.task.is_sequences:
        return "A memory task has one answer, at the end of each sequence, so there is no free run to follow."
    if not experiment.task.can_generate:
        return "This network labels each step. A label cannot be fed back as the next input, so there is no free run."
    return None


def needs_series(experiment: Experiment) -> str | None:
    """Why a network does not continue a wave or a series of one's own; None if it does."""
    refusal = needs_free_run(experiment)
    if refusal is None and experiment.task.reads_tokens:
        return "This network reads a text. The figure is made for a wave, whose values are numbers."
    return refusal


def needs_sine(experiment: Experiment) -> str | None:
    """Why a network does not continue a sine wave, whose frequency and amplitude are known; None if it does."""
    refusal = needs_series(experiment)
    if refusal is not None:
        return refusal
    if experiment.data.needs_own_text:
        return "This network reads a series of your own. The figure needs a wave whose frequency is known."
    data = cast(SineData, experiment.data)
    if data.inputs == "zeros":
        return "This network was trained on zeros in place of the wave, so it has nothing to run on."
    if data.shape != "sine":
        return "This wave is not a sine. The figure compares the free run with the sine that fits it best."
    return None


def refused_sentence(title: str, refusal: str) -> str:
    """Why another figure is shown than the one that was asked for."""
    return f"“{title}” does not apply to this run. {refusal}"
