"""The two questions on Train and their answers."""

import json

import pytest

from rnnlab.config import from_flat
from rnnlab.presets import PRESETS
from rnnlab.recorded.carrying import ReadBothWays, RecordedCarry
from rnnlab.ui.widgets import explanations
from rnnlab.ui.widgets.explanations import carry_table, carry_words, forget_bias_words
from tests.support.app_test import widget

MEASURED = RecordedCarry(
    preset="grammar",
    experiment=from_flat({"epochs": 2}, PRESETS["grammar"].experiment),
    command="python -m benchmarks.carry_against_reset --preset grammar --epochs 2",
    machine="an abacus, 2 rods",
    date="2025-01-31",
    trained_carried=ReadBothWays(20.5, 30.25),
    trained_reset=ReadBothWays(22.5, 25.25),
)


@pytest.mark.parametrize(
    ("bias", "said"),
    [
        (0.0, ["keeps 50 %", "gone after 1 step,", "less than 0.001 % is left after 20"]),
        (1.0, ["keeps 73 %", "gone after 2.2 steps", "0.19 % is left after 20"]),
        (2.0, ["keeps 88 %", "gone after 5.5 steps", "7.9 % is left after 20"]),
        (-1.0, ["keeps 27 %", "gone after a single step"]),
        (5.0, ["keeps 99.3 %", "gone after 103 steps"]),
        (100.0, ["practically never fades"]),
    ],
)
def test_a_bias_is_said_as_a_half_life(bias, said):
    """The shares are those of Gers's gate: 0.5, 0.731, 0.881 a step and 9.5e-7, 1.9e-3, 7.9e-2 after 20."""
    words = forget_bias_words(bias)
    assert all(part in words for part in said), words


def test_a_measurement_is_a_table_of_four_and_says_where_it_is_from():
    lines = carry_table(MEASURED).splitlines()
    assert [line for line in lines if "20.50" in line] == ["| state carried in training | 20.50 | 30.25 |"]
    assert [line for line in lines if "25.25" in line] == ["| state reset in training | 22.50 | 25.25 |"]
    assert "grammar with 2 epochs each" in carry_words(MEASURED)
    assert MEASURED.command in carry_words(MEASURED)


@pytest.fixture
def train(app):
    """Opens Train with the settings of a link."""

    def open_train(**link):
        app.query_params.update(link)
        app.switch_page("pages/train.py").run()
        app.session_state["details"] = "Questions"
        for asked in ("asked-forget_bias", "asked-initial_state"):
            app.session_state[asked] = True
        app.run()
        assert not app.exception
        return app

    return open_train


def questions(app):
    labels = [block.proto.popover.label for block in app.get("popover")]
    return [label for label in labels if label.endswith("?")]


def drawn_biases(app):
    names = [
        trace.get("name") or "" for chart in app.get("plotly_chart") for trace in json.loads(chart.proto.spec)["data"]
    ]
    return [name for name in names if name.startswith("bias")]


def texts(elements):
    return " ".join(element.value for element in elements)


def test_the_figure_is_of_the_bias_in_the_form(train):
    app = train(forget_bias="2.5")
    assert questions(app) == ["What does the forget bias do?", "Why carry the state?"]
    assert drawn_biases(app) == ["bias 0", "bias 1", "bias 2", "bias 2.5, your setting"]
    assert forget_bias_words(2.5) in texts(app.markdown)
    assert "Gers" in texts(app.caption)
    assert "Jozefowicz" in texts(app.caption)
    widget(app.text_input, "w_forget_bias").set_value("0").run()
    assert drawn_biases(app) == ["bias 1", "bias 2", "bias 0, your setting"]


def test_a_cell_without_a_forget_gate_is_not_asked_about_its_bias(train):
    app = train(cell="gru")
    assert questions(app) == ["Why carry the state?"]
    assert drawn_biases(app) == []


@pytest.mark.parametrize("measured", [MEASURED, None])
def test_figures_are_shown_only_where_something_was_measured(train, monkeypatch, measured):
    monkeypatch.setattr(explanations, "recorded_carry", lambda: measured)
    app = train()
    assert "pass final_state as initial_state" in texts(app.caption)
    assert ("validation perplexity" in texts(app.markdown)) == (measured is not None)
    assert ("carry_against_reset" in texts(app.caption)) == (measured is not None)
