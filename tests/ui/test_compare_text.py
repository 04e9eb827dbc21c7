"""The Compare screen of a text: the passage, its distributions and the samples."""

import numpy as np
import pytest

from rnnlab.analyses.text import CompareText, SampleText
from rnnlab.config import Experiment, ModelConfig, TextData, TrainingConfig
from rnnlab.data.vocabulary import visible
from tests.support.app_test import widget
from tests.ui.test_compare import compare, in_address, lab, texts, train  # noqa: F401


def text_of(tokens="words", seed=0):
    """A network that reads a text, and measures it in few windows at the first and the last of its steps."""
    training = TrainingConfig(learning_rate=0.1, epochs=1, batch_size=20, num_steps=10, evaluate_every=10**6)
    return Experiment(TextData("grammar", train_tokens=800, tokens=tokens), ModelConfig(units=4), training, seed)


@pytest.fixture(scope="module")
def text_run(lab):  # noqa: F811
    return train(lab, text_of())


@pytest.fixture(scope="module")
def letters_run(lab):  # noqa: F811
    return train(lab, text_of("characters"))


def asked(lab, run_id, question):  # noqa: F811
    return lab.ask(run_id, question)


def samples_on_screen(app):
    return [element.value for element in app.text]


def test_the_passage_is_that_of_the_validation_text_and_the_most_surprising_word_is_picked(lab, compare, text_run):  # noqa: F811
    app = compare(text_run, start="20", prime="6")
    answer = asked(lab, text_run, CompareText(start=20, prime=6, horizon=40, top=12))
    passage = answer.passage
    words = widget(app.pills, "compare-word")
    assert [label.split(" :small")[0].replace("\\", "") for label in words.options] == [
        visible(word) for word in passage.words
    ]
    assert words.value == int(np.argmax(passage.surprises))
    shown = texts(app.markdown)
    assert f"its perplexity is {np.exp(passage.surprises.mean()):.3g}" in shown
    assert f"“{visible(passage.words[words.value])}” is " in shown


def test_a_picked_word_shows_its_own_distribution_and_is_in_the_link(lab, compare, text_run):  # noqa: F811
    app = compare(text_run)
    widget(app.pills, "compare-word").select(3).run()
    assert not app.exception
    passage = asked(lab, text_run, CompareText(prime=5, horizon=40, top=12)).passage
    assert f"its surprise is {passage.surprises[3]:.1f} nats" in texts(app.markdown)
    assert in_address(app, "word") == "3"
    again = compare(text_run, word="3")
    assert widget(again.pills, "compare-word").value == 3


def test_three_samples_stand_side_by_side_from_one_seed(lab, compare, text_run):  # noqa: F811
    app = compare(text_run, beginning="the dog", temperature="0.8", top_k="6", top_p="0.9", ban="<eos>", draw="4")
    question = SampleText("the dog", 40, (0.4, 0.8, 1.6), 6, 0.9, ("<eos>",), seed=4)
    expected = [" ".join(sample.words) for sample in asked(lab, text_run, question).samples]
    assert samples_on_screen(app) == expected
    for name, value in {"beginning": "the dog", "temperature": "0.8", "top_k": "6", "ban": "<eos>"}.items():
        assert in_address(app, name) == value
    assert not app.warning


def test_without_a_beginning_of_ones_own_the_passage_is_continued(lab, compare, text_run):  # noqa: F811
    app = compare(text_run, start="30")
    prime = asked(lab, text_run, CompareText(30, 5, 40, 12)).prime_words
    said = texts(app.caption)
    assert said.count(" ".join(map(visible, prime))) == 2  # of the passage, and of the samples


def test_an_unknown_word_of_a_beginning_is_shown_as_such(compare, text_run):  # noqa: F811
    app = compare(text_run)
    widget(app.text_input, "compare-beginning").set_value("the zebra").run()
    assert "The word “zebra” is not in the vocabulary" in texts(app.markdown)
    assert "It read *the <unk>*" in texts(app.caption)
    assert in_address(app, "beginning") == "the zebra"


def test_a_switch_keeps_a_word_from_being_drawn(compare, text_run):  # noqa: F811
    app = compare(text_run, temperature="2")
    assert any("\n" in sample for sample in samples_on_screen(app))
    widget(app.pills, "compare-ban").set_value(["<eos>"]).run()
    assert samples_on_screen(app)
    assert not any("\n" in sample for sample in samples_on_screen(app))
    assert in_address(app, "ban") == "<eos>"


def test_draw_again_takes_the_next_seed(compare, text_run):  # noqa: F811
    app = compare(text_run)
    before = samples_on_screen(app)
    next(button for button in app.button if button.label == "Draw again").click().run()
    assert in_address(app, "draw") == "1"
    assert samples_on_screen(app) != before


def test_its_own_text_can_be_looked_at_as_the_passage_can(lab, compare, text_run):  # noqa: F811
    app = compare(text_run, beginning="the dog", passage="own", temperature="1.5", top_k="4")
    question = SampleText("the dog", 40, (1.5,), 4, top=12)
    (sample,) = asked(lab, text_run, question).samples
    labels = widget(app.pills, "compare-word").options
    assert [label.split(" :small")[0].replace("\\", "") for label in labels] == [
        visible(word) for word in sample.passage.words
    ]
    assert in_address(app, "passage") == "own"


def only(widgets, label):
    """The one widget of that label: its key changes when its value comes from the other one."""
    (found,) = [widget for widget in widgets if widget.label == label]
    return found


def test_a_number_is_moved_or_typed_and_both_agree(compare, text_run):  # noqa: F811
    app = compare(text_run)
    only(app.slider, "Temperature").set_value(0.5).run()
    assert only(app.text_input, "Temperature, exact").value == "0.5"
    only(app.text_input, "Temperature, exact").set_value("4.25").run()
    assert only(app.slider, "Temperature").value == 2.0  # the end of the slider
    assert in_address(app, "temperature") == "4.25"
    only(app.text_input, "Temperature, exact").set_value("hot").run()
    assert only(app.text_input, "Temperature, exact").value == "hot"
    assert "Temperature (temperature) was 'hot'" in texts(app.markdown)
    assert in_address(app, "temperature") == "4.25"


def test_a_late_message_with_the_old_number_reaches_no_field(compare, text_run):  # noqa: F811
    """A click that comes before the browser has the answer to the last one brings the number that was there before."""
    app = compare(text_run)
    slider, number = only(app.slider, "Temperature").id, only(app.text_input, "Temperature, exact").id
    only(app.slider, "Temperature").set_value(0.5).run()
    assert only(app.slider, "Temperature").id == slider  # so that it keeps the keyboard
    assert only(app.text_input, "Temperature, exact").id != number
    number = only(app.text_input, "Temperature, exact").id
    only(app.text_input, "Temperature, exact").set_value("0.7").run()
    assert only(app.text_input, "Temperature, exact").id == number
    assert only(app.slider, "Temperature").id != slider


def test_characters_are_called_so_and_their_blanks_are_seen(compare, letters_run):  # noqa: F811
    app = compare(letters_run, beginning="the dog")
    labels = widget(app.pills, "compare-word").options
    assert len(labels) == 120
    assert any(label.startswith("␣ ") for label in labels)
    shown = texts([*app.markdown, *app.caption])
    assert "these 120 characters" in shown
    assert "It read *the␣dog*" in shown
    assert "most probable character" in shown
    assert not any("word" in element.value for element in [*app.markdown, *app.caption])
    assert all("word" not in slider.label for slider in app.slider)


def test_a_beginning_that_cannot_be_spelled_leaves_the_passage(compare, letters_run):  # noqa: F811
    app = compare(letters_run, beginning="Q")
    if not any("does not occur" in warning.value for warning in app.warning):
        assert "is not in the vocabulary" in texts(app.markdown)
    assert len(widget(app.pills, "compare-word").options) == 120
