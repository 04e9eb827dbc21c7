"""Look inside a network that reads a text, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnlab.config import Experiment, counted

SMALL_CHANGE = 0.05
"""Nats. A smaller change of a surprise is called none."""

CLOSE = 0.01
"""More context is said to help no more from where the perplexity stays this near to its lowest value."""


def needs_text(experiment: Experiment) -> str | None:
    """Why a network does not read a text forwards; None if it does."""
    if experiment.model.is_bidirectional:
        return "A bidirectional network has read the later words too. The figure is made for one that reads forwards."
    if experiment.task.is_sequences:
        return "A memory task has separate sequences, and no text. The figure is made for a text."
    if not experiment.task.reads_tokens:
        return "This network reads numbers. The figure is made for a text."
    return None


def needs_next_word(experiment: Experiment) -> str | None:
    """Why a network does not predict the next word of a text; None if it does."""
    refusal = needs_text(experiment)
    if refusal is None and not experiment.task.can_generate:
        return "This network labels each word. The figure is made for one that predicts the next word."
    return refusal


# --- which words did it use -------------------------------------------------------------------------------------------


def connectivity_sentence(words: Sequence[str], connectivity: np.ndarray, chosen: str, noun: str) -> str:
    """Which earlier word moves the prediction most.

    Args:
        words: the C words before the chosen one, as they are shown.
        connectivity: (C,).
        chosen: the predicted word.
        noun: what a token is called.
    """
    most = int(np.argmax(connectivity))
    if not connectivity[most] > 0:
        return f"No earlier {noun} moves the logit of “{chosen}”."
    share = connectivity[most] / connectivity.sum()
    return (
        f"A small change of “{words[most]}”, {_back(len(words) - most, noun)}, moves the logit of “{chosen}” most: its "
        f"connectivity is {connectivity[most]:.2g}, {share:.0%} of the sum over all {len(words):,} {noun}s."
    )


def occlusion_sentence(words: Sequence[str], changes: np.ndarray, replacement: str, noun: str) -> str:
    """Which earlier word, taken away or in the other number, changes the surprise most.

    Args:
        words: the C words before the chosen one, as they are shown.
        changes: (C,), nats; NaN where nothing was replaced. At least one is known.
        replacement: what was read in place of each word; "" for the word itself in the other number.
        noun: what a token is called.
    """
    most = int(np.nanargmax(np.abs(changes)))
    how = f"With “{replacement}” in its place" if replacement else "In the other number"
    if abs(changes[most]) < SMALL_CHANGE:
        return f"{how}, no {noun} changes the surprise by {SMALL_CHANGE} nats or more."
    more = "more" if changes[most] > 0 else "less"
    where = _back(len(words) - most, noun)
    return (
        f"{how}, “{words[most]}”, {where}, changes the surprise most: {abs(changes[most]):.2f} nats {more} surprising."
    )


def subject_sentence(
    words: Sequence[str], nouns: Sequence[int], subject: int, connectivity: np.ndarray, changes: np.ndarray
) -> str:
    """Whether the noun that a verb agrees with stands out among the nouns before it.

    Args:
        words: the C words before the verb, as they are shown.
        nouns: positions of the nouns of its sentence, the subject among them.
        subject: position of the noun that the verb agrees with.
        connectivity, changes: (C,), see above.
    """
    named = f"The verb agrees with “{words[subject]}”, {_back(len(words) - subject, 'word')}."
    if len(nouns) == 1:
        return f"{named} It is the only noun before the verb in its sentence."
    known = [noun for noun in nouns if np.isfinite(changes[noun])]
    by_gradient = _rank(subject, nouns, connectivity)
    told = f"{named} Of the {len(nouns)} nouns before it in its sentence, it has {by_gradient} connectivity"
    if subject not in known:
        return f"{told}."
    return f"{told} and {_rank(subject, known, changes)} rise of the surprise when it is replaced."


def window_sentence(first: int, carried: bool, noun: str) -> str:
    """What the windows of the training cut off.

    Args:
        first: position of the first token that the gradient reaches.
        carried: whether the state is carried from window to window.
        noun: what a token is called.
    """
    if not first:
        return f"The predicted {noun} is in the first window, so nothing is cut off."
    state = (
        "The state is carried, so they can still matter."
        if carried
        else "The state is reset there too, so they cannot matter."
    )
    return f"No gradient of the training reaches the {counted(first, noun)} before the window. {state}"


def _rank(one: int, among: Sequence[int], values: np.ndarray) -> str:
    rank = 1 + sum(bool(values[other] > values[one]) for other in among)
    return {1: "the largest", 2: "the second largest"}.get(rank, "a smaller") if rank < len(among) else "the smallest"


def _back(distance: int, noun: str) -> str:
    return f"{counted(distance, noun)} back"


# --- how much context -------------------------------------------------------------------------------------------------


def context_sentence(contexts: np.ndarray, perplexities: np.ndarray, tokens: int, noun: str) -> str:
    """From how many words on more context does not help any more.

    Args:
        contexts: (C,), ascending.
        perplexities: (C,), finite.
        tokens: that were predicted at each.
        noun: what a token is called.
    """
    told = (
        f"After {counted(int(contexts[0]), noun)} of context its perplexity is {perplexities[0]:.3g}, after "
        f"{int(contexts[-1]):,} it is {perplexities[-1]:.3g}. The same {tokens:,} {noun}s were predicted each time."
    )
    if len(contexts) == 1:
        return told
    is_close = perplexities <= (1 + CLOSE) * perplexities.min()
    if not is_close[-1]:
        best = int(contexts[np.argmin(perplexities)])
        return f"{told} It is lowest after {best:,}, and longer contexts make it worse."
    last_far = int(np.flatnonzero(~is_close)[-1]) if not is_close.all() else -1
    enough = int(contexts[last_far + 1])
    if enough == int(contexts[-1]):
        return f"{told} It still improves by more than {CLOSE:.0%} at the end."
    return f"{told} From {enough:,} on, it stays within {CLOSE:.0%} of the lowest."


# --- a unit that knows ------------------------------------------------------------------------------------------------


def unit_sentence(
    part: str, position: int, accuracy: float, untrained: tuple[str, int, float], tokens: int, noun: str
) -> str:
    """How often the best unit is right, beside the control.

    Args:
        part, position: of the unit, as in `KnowingUnit`.
        accuracy: balanced.
        untrained: part, position and accuracy of the untrained network's best unit.
        tokens: it was measured on.
        noun: what a token is called.
    """
    other_part, other_position, other = untrained
    judged = (
        "Training has made a unit that knows."
        if accuracy >= max(other, 0.5) + 0.1
        else "The difference is small: no single unit has learned it."
        if accuracy >= other
        else "It is no better than an untrained network."
    )
    return (
        f"Unit {position} of {part} is right in {accuracy:.1%} on {tokens:,} {noun}s of validation text. The best unit "
        f"of an untrained network, {other_position} of {other_part}, is right in {other:.1%}, and a guess in 50 %. "
        f"{judged}"
    )


def passage_sentence(right: int, labelled: int, noun: str) -> str:
    """How often the unit is right in a passage.

    Args:
        right: tokens whose class it gives.
        labelled: tokens that have a class.
        noun: what a token is called.
    """
    if not labelled:
        return f"In this passage no {noun} has a class."
    return f"In this passage it is right for {right:,} of {labelled:,} {noun}s that have a class."
