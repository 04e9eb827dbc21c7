"""What Look inside asserts of a network that was trained on the grammar, put to the test on its validation text."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rnnlab.analyses.inside_text import FindUnit
from rnnlab.analyses.trained import TrainedNetwork
from rnnlab.data.agreement import NOUN, agreements, sentence_start
from rnnlab.data.grammar import number_of
from rnnlab.data.vocabulary import decode
from rnnlab.inspection import in_other_number, words_used

VERBS = 300
"""Verbs that are looked at, each with two or more nouns before it in its sentence."""

MARGIN = 0.1
"""By which a trained unit must be better than an untrained one."""


class Looked(NamedTuple):
    """What was found at one verb.

    Attributes:
        is_far: whether another noun is nearer than the verb's own.
        by_gradient: whether its own noun has the largest connectivity of the nouns.
        by_number: whether its own noun, in the other number, makes the verb more surprising than any other noun does.
    """

    is_far: bool
    by_gradient: bool
    by_number: bool


def has_a_unit_that_knows(trained: TrainedNetwork) -> tuple[bool, str]:
    """Whether its best unit for `number` beats the best one of the untrained network."""
    unit = FindUnit("number").answer(trained)
    numbers = f"unit {unit.position} of {unit.part}: {unit.accuracy:.3f}, untrained: {unit.untrained_accuracy:.3f}"
    return unit.accuracy >= unit.untrained_accuracy + MARGIN, numbers


def subject_matters_most(trained: TrainedNetwork) -> tuple[bool, str]:
    """Whether a verb's own noun, in the other number, changes it most in most sentences, the far ones too."""
    verbs = looked_at(trained)
    share, far = _share([verb.by_number for verb in verbs]), _share([verb.by_number for verb in verbs if verb.is_far])
    return share > 0.5 and far > 0.5, f"{share:.1%} of {len(verbs)} verbs, {far:.1%} of those with a nearer noun"


def gradient_finds_near_subjects(trained: TrainedNetwork) -> tuple[bool, str]:
    """Whether a verb's own noun has the largest connectivity in most sentences if it is the nearest, and only then."""
    verbs = looked_at(trained)
    near, far = (_share([verb.by_gradient for verb in verbs if verb.is_far == is_far]) for is_far in (False, True))
    return near > 0.5 > far, f"{near:.1%} of the verbs next to their noun, {far:.1%} of those with a nearer noun"


def looked_at(trained: TrainedNetwork) -> list[Looked]:
    """The first `VERBS` verbs of the validation text, each read from the end of the sentence before it."""
    tokens, vocabulary = trained.dataset.valid, trained.dataset.vocabulary
    found = []
    for begin, subject, verb, nouns in itertools.islice(_verbs(decode(tokens, vocabulary)), VERBS):
        read = tokens[begin:verb]
        used = words_used(trained.network, read, int(tokens[verb]), in_other_number(read, vocabulary))
        places = np.array(nouns) - begin
        gradient, number = (nouns[int(np.argmax(values[places]))] for values in (used.connectivity, used.occlusion))
        found.append(Looked(nouns[-1] != subject, gradient == subject, number == subject))
    return found


def _verbs(words: list[str]) -> Iterator[tuple[int, int, int, list[int]]]:
    """Where to begin reading, the noun, the verb, and all nouns before it in its sentence, if these are several."""
    for subject, verb in agreements(words):
        start = sentence_start(words, verb)
        nouns = [at for at in range(start, verb) if number_of(words[at], NOUN)]
        if len(nouns) > 1:
            yield max(0, start - 1), subject, verb, nouns


def _share(values: list[bool]) -> float:
    return sum(values) / len(values)
