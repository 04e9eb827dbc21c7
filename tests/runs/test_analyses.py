"""The questions that a page asks of a trained network, asked in this process."""

import dataclasses

import numpy as np
import pytest

from rnnlab import generation
from rnnlab.analyses import cost
from rnnlab.analyses import series as series_analyses
from rnnlab.analyses.cost import GenerationCost
from rnnlab.analyses.memory import AddNumbers, RecallSymbols
from rnnlab.analyses.series import CompareSeries
from rnnlab.analyses.tags import TagsOfStretch
from rnnlab.analyses.text import CompareText, SampleText
from rnnlab.analyses.trained import TrainedNetwork
from rnnlab.config import Experiment, MemoryData, ModelConfig, SineData, TextData, TrainingConfig
from rnnlab.config.sampling import Sampling
from rnnlab.data import Dataset, load_dataset, wave
from rnnlab.errors import Cancelled
from rnnlab.models import Network
from rnnlab.worker.kept import network_for
from tests.support.labs import small_experiment


def looked_at(experiment, units=4):
    """A network with weights of some seed. The answers are computed in the same way for any weights."""
    dataset = load_dataset(experiment.data, 0)
    model = dataclasses.replace(experiment.model, units=units)
    task = experiment.task
    network = Network(model, len(dataset.vocabulary), seed=3, tags=len(task.tags), features=task.features)
    return TrainedNetwork(experiment, dataset, network, step=7)


@pytest.fixture(scope="module")
def series():
    return looked_at(small_experiment())


@pytest.fixture(scope="module")
def deaf():
    """A network that was trained on zeros."""
    return looked_at(dataclasses.replace(small_experiment(), data=SineData(samples=40, inputs="zeros")))


@pytest.mark.parametrize("way", ["reset", "zero_filled", "reread"])
def test_the_free_run_is_that_of_the_way(series, way):
    view = CompareSeries(prime=5, horizon=12, way=way).answer(series)
    prime = wave(SineData(), 5)[None, :, None]
    expected = generation.feed_back(series.network, prime, 12, way)[0, :, 0]
    np.testing.assert_array_equal(view.free_running, expected)
    truth = wave(SineData(), 12, start=5)
    assert view.free_running_rmse == pytest.approx(np.sqrt(np.mean((expected - truth) ** 2)))


def test_a_way_is_shown_beside_carrying_the_state(series):
    carried = CompareSeries(prime=5, horizon=12).answer(series)
    assert carried.carried_rmse is None
    np.testing.assert_allclose(
        carried.free_running,
        generation.generate_series(series.network, wave(SineData(), 5)[None, :, None], 12)[0, :, 0],
    )
    assert CompareSeries(5, 12, "reset").answer(series).carried_rmse == carried.free_running_rmse


@pytest.mark.parametrize("way", ["carried", "reset", "zeros"])
def test_a_network_that_was_trained_on_zeros_hears_zeros_in_every_way(deaf, way):
    view = CompareSeries(prime=5, horizon=12, way=way).answer(deaf)
    expected = generation.feed_back(deaf.network, np.zeros((1, 5, 1)), 12, way)[0, :, 0]
    np.testing.assert_allclose(view.free_running, expected, atol=1e-5)


def test_what_such_a_network_says_is_measured_against_a_wave_that_begins_half_a_period_later(deaf, series):
    view = CompareSeries(prime=5, horizon=12, way="zeros").answer(deaf)
    opposite = wave(SineData(), 12, start=5 + 31)  # pi / 0.1
    assert view.later_steps == 31
    assert view.later_rmse == pytest.approx(np.sqrt(np.mean((view.free_running - opposite) ** 2)))
    assert CompareSeries(5, 12).answer(series).later_rmse is None


def test_a_way_that_would_take_too_long_is_refused_with_what_is_possible(series, monkeypatch):
    weights = series.network.count_params()
    monkeypatch.setattr(series_analyses, "MOST_WORK", 100 * weights)
    # 5 + 6 + ... + 14 = 95; one value more takes another 15.
    assert len(CompareSeries(prime=5, horizon=10, way="reread").answer(series).free_running) == 10
    with pytest.raises(ValueError, match="11 values take 110 steps of the network, but there is time for at most 100"):
        CompareSeries(prime=5, horizon=11, way="reread").answer(series)
    assert len(CompareSeries(prime=5, horizon=40, way="carried").answer(series).free_running) == 40


def test_costs_are_given_for_each_length(series, monkeypatch):
    monkeypatch.setattr(cost, "COST_LENGTHS", (3, 8))
    view = GenerationCost().answer(series)
    assert view.lengths == (3, 8)
    assert all(
        len(getattr(view, name)) == 2 and min(getattr(view, name)) > 0 for name in ("carried", "reread", "ratios")
    )


def test_the_progress_of_measuring_costs_is_reported_for_each_length(series, monkeypatch):
    monkeypatch.setattr(cost, "COST_LENGTHS", (3, 8))
    reports = []
    GenerationCost().answer(series, lambda *report: reports.append(report))
    assert reports == [(0, 2), (1, 2), (2, 2)]


def test_measuring_costs_ends_when_nobody_waits_any_more(series, monkeypatch):
    measured = []
    monkeypatch.setattr(generation, "measure_cost", lambda _, lengths: measured.append(lengths))

    def leave(done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        GenerationCost().answer(series, leave)
    assert not measured


def test_costs_that_would_take_too_long_are_left_out(series, monkeypatch):
    monkeypatch.setattr(cost, "COST_LENGTHS", (3, 8))
    monkeypatch.setattr(cost, "COST_SECONDS", 0)
    assert GenerationCost().answer(series).lengths == (3,)


def test_what_makes_no_sense_gets_a_sentence(series):
    text = looked_at(Experiment(TextData("grammar", train_tokens=500), ModelConfig(units=4), TrainingConfig()))
    for view in (CompareSeries(), GenerationCost()):
        with pytest.raises(ValueError, match="please compare its text"):
            view.answer(text)
    with pytest.raises(ValueError, match="must be one of carried, reset"):
        CompareSeries(5, 12, "backwards").answer(series)


def test_a_network_that_says_tags_cannot_run_free():
    experiment = dataclasses.replace(small_experiment(), data=SineData(samples=40, target="peaks"))
    network = Network.for_experiment(experiment, 0)
    trained = TrainedNetwork(experiment, load_dataset(experiment.data, 0), network, 1)
    for view in (CompareSeries(), GenerationCost()):
        with pytest.raises(ValueError, match="a label cannot be fed back"):
            view.answer(trained)


def test_the_tags_of_a_stretch_are_the_networks_probabilities_for_it():
    experiment = dataclasses.replace(small_experiment(), data=SineData(samples=40, target="peaks"))
    trained = looked_at(experiment)
    view = TagsOfStretch(start=3, length=7).answer(trained)
    inputs = trained.dataset.valid[3:10]
    np.testing.assert_array_equal(view.inputs, inputs)
    assert len(view.truth) == 7
    logits, _ = trained.network(inputs[None, :, None], trained.network.zero_state(1))
    scores = np.exp(logits[0])
    np.testing.assert_allclose(view.probabilities, scores / scores.sum(-1, keepdims=True), rtol=1e-5)


def memory(problem, time_lag=3, **model):
    data = MemoryData(problem=problem, time_lag=time_lag, symbols=4, sequences=20)
    return looked_at(Experiment(data, ModelConfig(units=4, **model), TrainingConfig()))


def recalled(trained, symbol, lag):
    """The network's logits at the cue of one sequence, read by itself."""
    inputs = np.array([[symbol, *[4] * lag, 5]])
    return trained.network(inputs, trained.network.zero_state(1))[0][0, -1].numpy()


def test_the_answer_to_each_symbol_and_the_accuracy_at_each_lag():
    trained = memory("recall")
    answer = RecallSymbols().answer(trained)
    assert answer.symbols == ("A", "B", "C", "D")
    assert answer.lags == (2, 3, 5, 10, 20, 50, 100, 200)
    for symbol, shares in enumerate(answer.probabilities):
        scores = np.exp(recalled(trained, symbol, lag=3))
        np.testing.assert_allclose(shares, scores / scores.sum(), rtol=1e-4)
    for lag in (2, 3, 20, 200):
        right = [recalled(trained, symbol, lag).argmax() == symbol for symbol in range(4)]
        assert answer.accuracies[answer.lags.index(lag)] == np.mean(right)
    assert answer.accuracy == answer.accuracies[1]


def test_a_network_that_reads_backwards_is_not_tried_at_other_lags():
    answer = RecallSymbols().answer(memory("recall", unrolling="bidirectional"))
    assert answer.lags == ()
    assert answer.probabilities.shape == (4, 4)


def test_the_answered_sums_are_the_networks_last_outputs():
    trained = memory("adding")
    answer = AddNumbers().answer(trained)
    inputs, truth = trained.dataset.sequences["valid"]
    outputs, _ = trained.network(inputs, trained.network.zero_state(len(inputs)))
    np.testing.assert_allclose(answer.answers, outputs[:, -1, 0], rtol=1e-5)
    np.testing.assert_array_equal(answer.truth, truth)
    assert answer.error == pytest.approx(np.mean((outputs[:, -1, 0] - truth) ** 2), rel=1e-5)


@pytest.mark.parametrize("question", [CompareSeries(), GenerationCost(), CompareText(), SampleText()])
@pytest.mark.parametrize("problem", ["recall", "adding"])
def test_separate_sequences_are_neither_a_wave_nor_a_text(question, problem):
    with pytest.raises(ValueError, match="compare its answers"):
        question.answer(memory(problem))


def test_a_question_about_memory_needs_its_task(series):
    for question, trained in ((RecallSymbols(), series), (AddNumbers(), memory("recall"))):
        with pytest.raises(ValueError, match="This run learned another task"):
            question.answer(trained)


@pytest.fixture(scope="module")
def text():
    return looked_at(dataclasses.replace(small_experiment(), data=TextData(corpus="grammar", train_tokens=500)))


@pytest.fixture(scope="module")
def letters():
    """A network of the characters of a text, of which "z" is none."""
    vocabulary = (*"abc ", "<eos>")
    ids = np.arange(50, dtype="int32") % 5
    dataset = Dataset(ids, ids.copy(), ids.copy(), vocabulary, "Your text", tokens="characters")
    data = TextData(corpus="upload", tokens="characters", upload="0" * 64)
    experiment = dataclasses.replace(small_experiment(), data=data)
    return TrainedNetwork(experiment, dataset, Network(experiment.model, 5, seed=3), step=7)


def test_a_passage_that_starts_past_the_end_of_the_text_is_the_last_one_that_fits(text):
    answer = CompareText(start=10**6, prime=10, horizon=5).answer(text)
    assert answer.length == len(text.dataset.valid)
    assert answer.start == answer.length - 10 - 1
    assert answer.passage.words == [text.dataset.vocabulary[text.dataset.valid[-1]]]
    assert answer.prime_words == [text.dataset.vocabulary[token] for token in text.dataset.valid[-11:-1]]


def test_each_sample_is_drawn_at_its_temperature_with_one_seed(text):
    question = SampleText("the", 12, temperatures=(0.5, 1.0, 2.0), top_k=5, banned=("<eos>",), seed=3)
    answer = question.answer(text)
    vocabulary = text.dataset.vocabulary
    assert (answer.prime_words, answer.unknown) == (["the"], ())
    for sample, temperature in zip(answer.samples, (0.5, 1.0, 2.0), strict=True):
        sampling = Sampling(temperature, 5, banned=(vocabulary.index("<eos>"),))
        drawn = generation.generate_tokens(text.network, [[vocabulary.index("the")]], 12, sampling, seed=3)[0]
        assert sample.temperature == temperature
        assert sample.words == [vocabulary[token] for token in drawn]
        assert sample.passage is None


def test_a_sample_comes_with_what_each_word_was_drawn_from_if_asked(text):
    (sample,) = SampleText("the", 12, (2.0,), top_k=5, top=3).answer(text).samples
    assert sample.passage.words == sample.words
    assert sample.passage.top_probabilities.shape == (12, 3)
    assert np.all(sample.passage.ranks <= 5)


def without_unk(trained):
    vocabulary = tuple("zzz" if word == "<unk>" else word for word in trained.dataset.vocabulary)
    return dataclasses.replace(trained, dataset=dataclasses.replace(trained.dataset, vocabulary=vocabulary))


def test_an_unknown_word_of_a_beginning_is_read_as_unk_and_named(text):
    answer = SampleText("the zebra jumps the zebra", 2).answer(text)
    assert answer.prime_words == ["the", "<unk>", "<unk>", "the", "<unk>"]
    assert answer.unknown == ("zebra", "jumps")
    with pytest.raises(ValueError, match="holds the word 'zebra', which does not occur"):
        SampleText("the zebra").answer(without_unk(text))


def test_a_beginning_is_cut_as_the_text_was(letters):
    answer = SampleText("ab c\n", 3).answer(letters)
    assert answer.prime_words == ["a", "b", " ", "c", "<eos>"]
    with pytest.raises(ValueError, match="holds the character 'z', which does not occur"):
        SampleText("az", 3).answer(letters)


def test_without_a_beginning_a_sentence_begins(text):
    assert SampleText(horizon=2).answer(text).prime_words == ["<eos>"]


def test_placeholders_are_those_that_the_vocabulary_has(text, letters):
    assert CompareText(horizon=2).answer(text).placeholders == ("<unk>", "<eos>")
    assert CompareText(horizon=2).answer(without_unk(text)).placeholders == ("<eos>",)
    assert CompareText(horizon=2).answer(letters).placeholders == ("<eos>",)


def test_what_may_not_be_drawn_must_be_there_and_leave_something(text, letters):
    with pytest.raises(ValueError, match="The word 'zebra' was to be banned, but it is not in this text's vocabulary"):
        SampleText(banned=("zebra",)).answer(text)
    with pytest.raises(ValueError, match="All 5 tokens are banned"):
        SampleText("a", banned=letters.dataset.vocabulary).answer(letters)


def test_the_kept_network_has_the_settings_of_the_run_that_is_looked_at():
    first, second = (
        dataclasses.replace(small_experiment(), model=ModelConfig(units=4, forget_bias=bias)) for bias in (0.0, 2.0)
    )
    kept = network_for(first, 0)
    assert network_for(second, 0) is kept
    assert kept.network.model == second.model
