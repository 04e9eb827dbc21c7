"""Look inside a network that reads a text: its three figures, their sentences, and what is played with."""

import dataclasses

import pytest

from rnnlab.config import ModelConfig, TextData, from_flat
from rnnlab.presets import PRESETS
from rnnlab.sentences.inside_text import needs_next_word, needs_text
from tests.support.app_test import widget
from tests.ui.test_compare import in_address, lab, texts, train  # noqa: F401
from tests.ui.test_inside import inside  # noqa: F401

SMALL = {"units": 4, "train_tokens": 3_000, "epochs": 1, "evaluate_every": 10**6}


@pytest.fixture(scope="module")
def grammar_run(lab):  # noqa: F811
    return train(lab, from_flat(SMALL, PRESETS["grammar"].experiment))


@pytest.fixture(scope="module")
def characters_run(lab):  # noqa: F811
    return train(lab, from_flat(SMALL | {"tokens": "characters"}, PRESETS["grammar"].experiment))


def test_the_noun_of_the_verb_is_named_and_another_word_can_be_picked(inside, grammar_run):  # noqa: F811
    app = inside(grammar_run, study="words", start="12", words="60")
    assert "The verb agrees with “" in texts(app.markdown)
    assert "In the other number, " in texts(app.markdown)
    assert app.get("plotly_chart")
    widget(app.get("pills"), "compare-picked").set_value(5).run()
    assert not app.exception
    assert in_address(app, "picked") == "5"
    widget(app.segmented_control, "compare-replacing").set_value("away").run()
    assert "“the” is the most frequent token of the text" in texts(app.caption)
    widget(app.segmented_control, "compare-reach").set_value("windows").run()
    assert "The predicted word is in the first window, so nothing is cut off." in texts(app.markdown)


def test_the_context_is_measured_and_its_windows_are_named(inside, grammar_run):  # noqa: F811
    app = inside(grammar_run, study="context")
    assert "After 1 word of context its perplexity is" in texts(app.markdown)
    assert "a gradient reached back 20 steps" in texts(app.caption)
    assert app.get("plotly_chart")


def test_the_unit_is_shown_beside_an_untrained_one(inside, grammar_run):  # noqa: F811
    app = inside(grammar_run, study="unit", words="30")
    assert "The best unit of an untrained network" in texts(app.markdown)
    widget(app.segmented_control, "compare-property").set_value("late").run()
    assert not app.exception
    assert "at least 10 words" in texts(app.markdown)


def test_a_text_in_characters_has_the_same_figures(inside, characters_run):  # noqa: F811
    app = inside(characters_run, study="words", words="40")
    assert "moves the logit of" in texts(app.markdown)
    assert "“␣” is the most frequent token" in texts(app.caption)
    app = inside(characters_run, study="unit", words="40")
    assert "characters of validation text" in texts(app.markdown)


@pytest.mark.parametrize("refusal", [needs_text, needs_next_word])
@pytest.mark.parametrize(
    ("preset", "words"),
    [("grammar-numbers", "bidirectional"), ("sine", "reads numbers"), ("delayed-recall", "separate sequences")],
)
def test_what_reads_no_text_forwards_is_refused_with_a_reason(refusal, preset, words):
    assert words in refusal(PRESETS[preset].experiment)


def test_a_network_that_labels_words_may_have_a_unit_that_knows():
    experiment = dataclasses.replace(PRESETS["grammar-numbers"].experiment, model=ModelConfig(units=4))
    assert needs_text(experiment) is None
    assert "labels each word" in needs_next_word(experiment)
    assert needs_next_word(dataclasses.replace(experiment, data=TextData(corpus="grammar"))) is None
