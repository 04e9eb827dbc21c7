"""Inside a network that reads a text: the words it used, the context it needs, and a unit that knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np

from rnnlab.analyses.trained import LongQuestion, Progress, Question, TrainedNetwork, unwatched
from rnnlab.config import TextData
from rnnlab.errors import LabError

if TYPE_CHECKING:
    from rnnlab.inspection import Unit

MOST_WORDS = 2_000
"""Words of a passage. More would make the page slow without showing more."""

MOST_TAKEN_AWAY = 100
"""Words before the chosen one that are taken away, one at a time; each costs one more reading."""

GRAMMAR = "grammar"

# --- which words did it use -------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class WordsUsedAnswer:
    """What the prediction of one word of a passage owes to each word before it.

    Attributes:
        words: the passage.
        start: where it begins in the validation text.
        chosen: position in the passage of the predicted word, C >= 1.
        connectivity: float32 (C,), see `rnnlab.inspection.word_connectivity`.
        occlusion: float32 (C,), see `rnnlab.inspection.word_occlusion`; NaN for a word that was not replaced.
        surprise: of the chosen word, in nats.
        replaced: bool (C,), whether another word than the true one was read in its place.
        replacement: the word that was read in place of each; "" for its own form in the other number.
        window: position of the first word that the gradient of training reaches, or 0 if all words are asked for.
        nouns: positions of the nouns before the chosen word in its sentence, if that is a verb of the grammar.
        subject: position of the noun that the verb agrees with; None where it is not known.
    """

    words: list[str]
    start: int
    chosen: int
    connectivity: np.ndarray
    occlusion: np.ndarray
    surprise: float
    replaced: np.ndarray
    replacement: str
    window: int
    nouns: tuple[int, ...]
    subject: int | None


@dataclass(frozen=True)
class UsedWords(Question[WordsUsedAnswer]):
    """Which earlier words did it use to predict a word?

    Attributes:
        start, length: of the passage in the validation text, read from an empty state; cut to what the text has.
        chosen: position of the predicted word, from 1; None takes a verb of the grammar that has a nearer noun than its
            own, or else the last word.
        other_number: in the grammar, replace a word by itself in the other number, rather than take it away.
        as_trained: read in the windows of the training: no gradient crosses them, and the state as in training.
    """

    start: int = 0
    length: int = 40
    chosen: int | None = None
    other_number: bool = False
    as_trained: bool = False

    def answer(self, trained: TrainedNetwork) -> WordsUsedAnswer:
        """See `rnnlab.inspection.words_used`."""
        from rnnlab import inspection
        from rnnlab.data.vocabulary import decode

        check_continues_text(trained)
        dataset, training = trained.dataset, trained.experiment.training
        if self.other_number and not _is_grammar(trained):
            raise LabError("Only the words of the grammar have another number; take the words away instead.")
        start = min(self.start, max(0, len(dataset.valid) - 2))
        tokens = dataset.valid[start : start + self.length]
        pairs = _verbs_of(trained, start, len(tokens))
        chosen = self._chosen(len(tokens), pairs)
        read, windows = tokens[:chosen], inspection.Windows(training.num_steps, training.carry_state)
        replacing = inspection.in_other_number if self.other_number else inspection.in_place_of
        replacements = replacing(read, dataset.vocabulary)
        found = inspection.words_used(
            trained.network,
            read,
            int(tokens[chosen]),
            replacements,
            windows if self.as_trained else None,
            MOST_TAKEN_AWAY,
        )
        nouns, subject = pairs.get(chosen, ((), None))
        return WordsUsedAnswer(
            words=decode(tokens, dataset.vocabulary),
            start=start,
            chosen=chosen,
            connectivity=found.connectivity,
            occlusion=found.occlusion,
            surprise=found.surprise,
            replaced=replacements != read,
            replacement="" if self.other_number else dataset.vocabulary[replacements[0]],
            window=windows.begin(len(read)) if self.as_trained else 0,
            nouns=nouns,
            subject=subject,
        )

    def _chosen(self, length: int, pairs: dict[int, tuple[tuple[int, ...], int]]) -> int:
        if length < 2:
            raise LabError(f"The passage has {length} word, but a prediction needs two; take a longer one.")
        if self.chosen is not None:
            return min(max(1, self.chosen), length - 1)
        return max(pairs, key=lambda verb: _tells(verb, *pairs[verb]), default=length - 1)


def _tells(verb: int, nouns: tuple[int, ...], subject: int) -> tuple[bool, int]:
    """How well a verb shows what it depends on: best with one nearer noun than its own, and then far from its own."""
    return sum(noun > subject for noun in nouns) == 1, verb - subject


def _verbs_of(trained: TrainedNetwork, start: int, length: int) -> dict[int, tuple[tuple[int, ...], int]]:
    """For each verb of a passage of the grammar: the nouns before it in its sentence, and the noun that it agrees with.

    All are positions in the passage. Verbs whose sentence began before the passage are left out. Of other texts none is
    known.
    """
    from rnnlab.data.agreement import NOUN, agreements, sentence_start
    from rnnlab.data.grammar import number_of
    from rnnlab.data.vocabulary import decode

    if not _is_grammar(trained):
        return {}
    words = decode(trained.dataset.valid[: start + length], trained.dataset.vocabulary)
    found = {}
    for noun, verb in agreements(words):
        begin = sentence_start(words, verb)
        if begin >= start and verb > start:
            nouns = tuple(at - start for at in range(begin, verb) if number_of(words[at], NOUN))
            found[verb - start] = (nouns, noun - start)
    return found


def _is_grammar(trained: TrainedNetwork) -> bool:
    data = cast(TextData, trained.experiment.data)
    return data.corpus == GRAMMAR and data.tokens == "words"


# --- how much context does it use -------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ContextAnswer:
    """The loss on the same N words, by the number of words that were read before each.

    Attributes:
        contexts: int64 (C,), ascending.
        losses: float64 (C,), in nats.
        tokens: N.
    """

    contexts: np.ndarray
    losses: np.ndarray
    tokens: int

    @property
    def perplexities(self) -> np.ndarray:
        """float64 (C,)."""
        return np.exp(self.losses)


@dataclass(frozen=True)
class ContextUsed(LongQuestion[ContextAnswer]):
    """How much better does it predict with more words of context?"""

    kept_as: ClassVar[type[ContextAnswer]] = ContextAnswer

    def answer(self, trained: TrainedNetwork, progress: Progress = unwatched) -> ContextAnswer:
        """See `rnnlab.inspection.perplexity_by_context`."""
        from rnnlab import inspection

        check_continues_text(trained)
        found = inspection.perplexity_by_context(trained.network, trained.dataset.valid, progress=progress)
        return ContextAnswer(found.contexts, found.losses, found.tokens)


# --- a unit that knows ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KnowingUnit:
    """The unit that tells a property best, and the best one of an untrained network.

    Attributes:
        part: of the state, such as `layer_0/c`.
        position: of the unit, from 0.
        threshold: the value between the two classes.
        is_high: whether the second class is above it.
        accuracy: balanced, on validation text.
        untrained_part, untrained_position: of the untrained network's best unit.
        untrained_accuracy: the same of it.
        tokens: of validation text that it was measured on.
    """

    part: str
    position: int
    threshold: float
    is_high: bool
    accuracy: float
    untrained_part: str
    untrained_position: int
    untrained_accuracy: float
    tokens: int


@dataclass(frozen=True)
class FindUnit(LongQuestion[KnowingUnit]):
    """Which unit best tells a property of the text?

    Attributes:
        name: of the property, see `rnnlab.data.properties`.
    """

    name: str = ""
    kept_as: ClassVar[type[KnowingUnit]] = KnowingUnit

    def answer(self, trained: TrainedNetwork, progress: Progress = unwatched) -> KnowingUnit:
        """Chosen on training text, measured on validation text; see `rnnlab.inspection.units`."""
        from rnnlab import inspection
        from rnnlab.models import Network

        _check_reads_text(trained)
        experiment, vocabulary = trained.experiment, len(trained.dataset.vocabulary)
        untrained = Network.for_experiment(experiment, vocabulary, experiment.seed)
        count = inspection.most_tokens(trained.network)
        parts = [_labelled(trained, self.name, split, count) for split in ("train", "valid")]
        for _, labels in parts:
            _check_classes(self.name, labels)
        chosen: list[tuple[Unit, float]] = []
        for done, network in enumerate((trained.network, untrained)):
            progress(2 * done, 4)
            unit = inspection.best_unit(inspection.states_of(network, parts[0][0]), parts[0][1])
            progress(2 * done + 1, 4)
            chosen.append((unit, inspection.accuracy_of(unit, inspection.states_of(network, parts[1][0]), parts[1][1])))
        progress(4, 4)
        (unit, accuracy), (control, control_accuracy) = chosen
        return KnowingUnit(
            part=unit.part,
            position=unit.position,
            threshold=unit.threshold,
            is_high=unit.is_high,
            accuracy=accuracy,
            untrained_part=control.part,
            untrained_position=control.position,
            untrained_accuracy=control_accuracy,
            tokens=len(parts[1][0]),
        )


@dataclass(frozen=True, eq=False)
class UnitOverText:
    """A unit's value after each of T tokens.

    Attributes:
        words: the passage.
        start: where it begins in the validation text.
        values: float32 (T,).
        labels: int8 (T,), 0, 1 or -1.
    """

    words: list[str]
    start: int
    values: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class ReadUnit(Question[UnitOverText]):
    """What does one unit hold after each token of a passage?

    Attributes:
        part, position: the unit, as in `KnowingUnit`.
        name: of the property whose labels are given beside it.
        start, length: of the passage in the validation text, read from an empty state.
    """

    part: str = "layer_0/h"
    position: int = 0
    name: str = ""
    start: int = 0
    length: int = 100

    def answer(self, trained: TrainedNetwork) -> UnitOverText:
        """See `rnnlab.inspection.trace_teacher_forced`."""
        from rnnlab.data.vocabulary import decode
        from rnnlab.inspection import trace_teacher_forced

        _check_reads_text(trained)
        valid = trained.dataset.valid
        start = min(self.start, len(valid) - 1)
        stretch = slice(start, start + self.length)
        states = trace_teacher_forced(trained.network, valid[stretch][None]).states
        if self.part not in states or self.position >= states[self.part].shape[2]:
            raise LabError(f"This network has no unit {self.position} in {self.part}; take one of {', '.join(states)}.")
        return UnitOverText(
            words=decode(valid[stretch], trained.dataset.vocabulary),
            start=start,
            values=states[self.part][0, :, self.position],
            labels=_labels(trained, self.name, valid[: start + self.length])[start:],
        )


def _labelled(trained: TrainedNetwork, name: str, split: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first tokens of a part, int32 (T,), and their labels, int8 (T,)."""
    tokens = trained.dataset.split(split)[:count]
    return tokens, _labels(trained, name, tokens)


def _labels(trained: TrainedNetwork, name: str, tokens: np.ndarray) -> np.ndarray:
    """int8 (T,). Raises `ValueError` for a property that the text does not have."""
    from rnnlab.data.properties import PROPERTIES, properties_of
    from rnnlab.data.vocabulary import decode

    data = cast(TextData, trained.experiment.data)
    suitable = [one.name for one in properties_of(data.corpus, data.tokens)]
    if name not in suitable:
        raise LabError(f"This text has no property called {name!r}; take one of {', '.join(suitable)}.")
    return PROPERTIES[name].label(decode(tokens, trained.dataset.vocabulary), data.tokens)


def _check_classes(name: str, labels: np.ndarray) -> None:
    from rnnlab.data.properties import PROPERTIES

    for one, described in enumerate(PROPERTIES[name].classes):
        if not (labels == one).any():
            raise LabError(f"Nothing in this text is {described}, so no unit can tell it; choose another property.")


def check_continues_text(trained: TrainedNetwork) -> None:
    """Refuse a network that does not predict the next token of a text."""
    _check_reads_text(trained)
    if not trained.experiment.task.can_generate:
        raise LabError("This network labels each word and predicts none; take one that predicts the next word.")


def _check_reads_text(trained: TrainedNetwork) -> None:
    task = trained.experiment.task
    if task.is_sequences or not task.reads_tokens:
        raise LabError("This run was not trained on a text, and a text was asked for; take one that reads a text.")
    if trained.experiment.model.is_bidirectional:
        raise LabError("The network is bidirectional, so it has read the later words; take one that reads forwards.")
