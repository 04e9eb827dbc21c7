"""Questions about the inside of a network that reads a text, asked in this process."""

import dataclasses

import numpy as np
import pytest

from rnnlab import inspection
from rnnlab.analyses import inside_text
from rnnlab.analyses.inside_text import ContextUsed, FindUnit, ReadUnit, UsedWords
from rnnlab.analyses.trained import TrainedNetwork
from rnnlab.config import ModelConfig, from_flat
from rnnlab.data import load_dataset
from rnnlab.data.grammar import number_of
from rnnlab.models import Network
from rnnlab.presets import PRESETS
from rnnlab.worker.kept_answers import pack_answer, unpack_answer

SMALL = {"units": 4, "train_tokens": 2_000, "num_steps": 7}


def looked_at(preset="grammar", **settings):
    """A network with weights of some seed: the answers are computed in the same way for any weights."""
    experiment = from_flat(SMALL | settings, PRESETS[preset].experiment)
    dataset = load_dataset(experiment.data, 0)
    return TrainedNetwork(experiment, dataset, Network.for_experiment(experiment, len(dataset.vocabulary), 3), step=7)


@pytest.fixture(scope="module")
def words():
    return looked_at()


def test_the_answer_is_that_of_the_tokens_before_the_chosen_word(words):
    answer = UsedWords(start=30, length=20, chosen=12).answer(words)
    tokens = words.dataset.valid[30:50]
    assert answer.words == [words.dataset.vocabulary[token] for token in tokens]
    read, predicted = tokens[:12], int(tokens[12])
    replacements = inspection.in_place_of(read, words.dataset.vocabulary)
    expected = inspection.words_used(words.network, read, predicted, replacements)
    np.testing.assert_array_equal(answer.connectivity, expected.connectivity)
    np.testing.assert_array_equal(answer.occlusion, expected.occlusion)
    assert (answer.surprise, answer.chosen, answer.replacement) == (expected.surprise, 12, "the")
    np.testing.assert_array_equal(answer.replaced, [word != "the" for word in answer.words[:12]])


def test_a_verb_with_one_nearer_noun_is_chosen_by_itself_with_its_own_noun(words):
    answer = UsedWords(length=200, other_number=True).answer(words)
    verb, noun = answer.words[answer.chosen], answer.words[answer.subject]
    assert number_of(verb) == number_of(noun) is not None
    assert [number_of(answer.words[at], ("Noun",)) is not None for at in answer.nouns] == [True] * len(answer.nouns)
    assert sum(at > answer.subject for at in answer.nouns) == 1
    assert "<eos>" not in answer.words[answer.nouns[0] : answer.chosen]


def test_read_as_in_training_nothing_reaches_back_beyond_the_window(words):
    answer = UsedWords(length=30, chosen=25, as_trained=True).answer(words)  # Windows of 7: the last begins at 21.
    assert answer.window == 21
    assert (answer.connectivity[:21] == 0).all()
    assert (answer.connectivity[21:] > 0).all()
    assert (answer.occlusion[:21] != 0).any()
    reset = looked_at(carry_state=False)
    assert (UsedWords(length=30, chosen=25, as_trained=True).answer(reset).occlusion[:21] == 0).all()


@pytest.mark.parametrize(("chosen", "taken"), [(0, 1), (5, 5), (900, 9)])
def test_a_position_that_the_passage_lacks_becomes_the_nearest_one(words, chosen, taken):
    assert UsedWords(length=10, chosen=chosen).answer(words).chosen == taken


def test_a_start_beyond_the_text_is_its_end(words):
    answer = UsedWords(start=10**6, length=10).answer(words)
    assert (len(answer.words), answer.start) == (2, len(words.dataset.valid) - 2)
    over = ReadUnit(name="number", start=10**6).answer(words)
    assert len(over.words) == len(over.values) == len(over.labels) == 1


def test_the_context_is_that_of_the_validation_text_and_can_be_kept(words, monkeypatch):
    reports = []
    found = ContextUsed().answer(words, lambda *report: reports.append(report))
    expected = inspection.perplexity_by_context(words.network, words.dataset.valid)
    np.testing.assert_array_equal(found.losses, expected.losses)
    assert (found.tokens, found.contexts.tolist()) == (500, expected.contexts.tolist())
    assert reports[-1][0] == reports[-1][1] == len(reports) - 1
    np.testing.assert_array_equal(unpack_answer(pack_answer(found), type(found)).losses, found.losses)


def test_the_unit_is_chosen_on_training_text_and_measured_on_validation_text(words):
    found = FindUnit("number").answer(words)
    train, valid = (
        (tokens, inside_text._labels(words, "number", tokens))
        for tokens in (words.dataset.train[: found.tokens], words.dataset.valid[: found.tokens])
    )
    unit = inspection.best_unit(inspection.states_of(words.network, train[0]), train[1])
    assert (found.part, found.position, found.threshold) == (unit.part, unit.position, unit.threshold)
    assert found.accuracy == inspection.accuracy_of(unit, inspection.states_of(words.network, valid[0]), valid[1])
    first = Network.for_experiment(words.experiment, len(words.dataset.vocabulary), words.experiment.seed)
    control = inspection.best_unit(inspection.states_of(first, train[0]), train[1])
    assert (found.untrained_part, found.untrained_position) == (control.part, control.position)
    assert unpack_answer(pack_answer(found), type(found)) == found


def test_a_unit_is_read_over_a_passage_with_its_labels(words):
    over = ReadUnit("layer_0/c", 2, "number", start=40, length=25).answer(words)
    tokens = words.dataset.valid[40:65]
    trace = inspection.trace_teacher_forced(words.network, tokens[None])
    np.testing.assert_array_equal(over.values, trace.states["layer_0/c"][0, :, 2])
    whole = inside_text._labels(words, "number", words.dataset.valid[:65])
    np.testing.assert_array_equal(over.labels, whole[40:])
    with pytest.raises(ValueError, match="no unit 9 in layer_0/c"):
        ReadUnit("layer_0/c", 9, "number").answer(words)


def test_what_a_network_or_a_text_does_not_have_is_refused_with_a_reason(words):
    with pytest.raises(ValueError, match="no property called 'quoted'; take one of number, late"):
        FindUnit("quoted").answer(words)
    characters = looked_at(tokens="characters")
    with pytest.raises(ValueError, match="Only the words of the grammar have another number"):
        UsedWords(other_number=True).answer(characters)
    with pytest.raises(ValueError, match="Nothing in this text is inside quotation marks"):
        FindUnit("quoted").answer(characters)
    for preset, told in (("sine", "was not trained on a text"), ("delayed-recall", "was not trained on a text")):
        experiment = PRESETS[preset].experiment
        other = dataclasses.replace(words, experiment=experiment)
        for question in (UsedWords(), ContextUsed(), FindUnit("number"), ReadUnit(name="number")):
            with pytest.raises(ValueError, match=told):
                question.answer(other)
    both_ways = dataclasses.replace(words, experiment=PRESETS["grammar-numbers"].experiment)
    with pytest.raises(ValueError, match="bidirectional, so it has read the later words"):
        FindUnit("number").answer(both_ways)
    model = ModelConfig(units=4)
    labels = dataclasses.replace(both_ways, experiment=dataclasses.replace(both_ways.experiment, model=model))
    with pytest.raises(ValueError, match="labels each word and predicts none"):
        UsedWords().answer(labels)
