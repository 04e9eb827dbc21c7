"""The loss of a run on Train, over the recorded run of its settings where there is one."""

import dataclasses
import json
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
import pyarrow
import pytest
from sqlalchemy import insert

from rnnlab import recorded
from rnnlab.arithmetic import RunArithmetic
from rnnlab.config import from_flat
from rnnlab.plots.live import MARK, STOPS
from rnnlab.presets import PRESETS, SINE
from rnnlab.recorded import PUBLISHED, RecordedEpoch, RecordedRun
from rnnlab.store.claim import claim_run
from rnnlab.store.curves import append_curves, curves_of
from rnnlab.store.database import open_database, writing
from rnnlab.store.schema import samples

LOSSES = ((0, 4.0), (10, 3.0), (20, 2.5), (30, 2.0))
EPOCH = RecordedEpoch(train=9.0, valid=8.5, test=8.25, seconds=1.0, words_per_second=50.0)


def recorded_run(preset, **settings):
    """Three epochs of ten updates each."""
    return RecordedRun(
        preset=preset,
        experiment=from_flat(settings, PRESETS[preset].experiment),
        command="python -m benchmarks.record_run it",
        machine="an abacus, 2 rods",
        date="2025-01-31",
        epochs=(EPOCH, EPOCH, dataclasses.replace(EPOCH, test=7.125)),
        test_word_by_word=7.0625,
        curves={"train_loss": LOSSES, "valid_loss": tuple((step, loss + 0.5) for step, loss in LOSSES)},
    )


@pytest.fixture
def runs(monkeypatch):
    known = {name: recorded_run(name) for name in ("ptb-small", "grammar")}
    monkeypatch.setattr(recorded.runs, "recorded_runs", lambda: known)
    return known


@pytest.fixture
def train(app, lab):
    """Opens Train with a run of these settings."""

    def open_train(experiment):
        app.query_params["run"] = lab.submit(experiment, "local", "My run", None)
        app.switch_page("pages/train.py").run()
        assert not app.exception
        return app

    return open_train


class Point(NamedTuple):
    step: int
    name: str
    value: float


def changed(preset, **settings):
    return from_flat(settings, PRESETS[preset].experiment)


def add_points(app, lab, steps):
    names = ("train_loss", "valid_loss")
    points = [Point(step, name, 5.0 - step / 100) for step in steps for name in names]
    with writing(open_database(lab.location.database)) as connection:
        append_curves(connection, app.session_state["run"], curves_of(points))
    app.run()


def loss_chart(app):
    """The description and the table of the loss chart."""
    return chart(app, "loss-")


def chart(app, kind):
    """The same of the live chart whose key begins so."""
    proto = next(chart.proto for chart in app.get("vega_lite_chart") if kind in chart.key)
    table = pyarrow.ipc.open_stream(proto.datasets[0].data.data if proto.datasets else proto.data.data).read_all()
    return json.loads(proto.spec), table.to_pandas()


def legend_title(spec):
    return spec["layer"][0]["encoding"]["color"]["legend"]["title"]


def captions(app):
    return [caption.value for caption in app.caption]


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize(("epochs", "steps"), [(13, [0, 10, 20, 30]), (2, [0, 10, 20])])
def test_the_recorded_curves_lie_behind_as_far_as_the_run_goes(train, epochs, steps):
    spec, table = loss_chart(train(changed("ptb-small", seed=5, epochs=epochs)))
    losses = np.array([loss for step, loss in LOSSES if step in steps])
    assert table["step"].tolist() == steps
    np.testing.assert_allclose(table["recorded train"], np.exp(losses))
    np.testing.assert_allclose(table["recorded validation"], np.exp(losses + 0.5))
    assert table["train"].isna().all()
    assert legend_title(spec) == "recorded run: ptb-small, 2025-01-31"


@pytest.mark.usefixtures("runs")
def test_new_points_leave_the_charts_description_as_it_was(train, lab):
    """Streamlit keeps the chart's place and its zoom only as long as the description is the same."""
    app = train(PRESETS["ptb-small"].experiment)
    before, _ = loss_chart(app)
    add_points(app, lab, [0, 7])
    between, table = loss_chart(app)
    assert table["step"].tolist() == [0, 7, 10, 20, 30]
    add_points(app, lab, range(8, 3000))
    after, table = loss_chart(app)
    assert before == between == after
    assert set(table["step"]) >= {0, 10, 20, 30, 2999}
    assert table["recorded train"].count() == 4


@pytest.mark.usefixtures("runs")
def test_measured_and_published_figures_are_told_apart(train):
    app = train(PRESETS["ptb-small"].experiment)
    measured, published = (next(c for c in captions(app) if part in c) for part in ("recorded run of", "Published"))
    assert "recorded run of ptb-small of 2025-01-31" in measured
    assert "7.12 after 3 epochs, and 7.06 when" in measured
    assert "ublished" not in measured
    assert published.startswith("Published for these settings, not measured here")
    for value in (PUBLISHED["ptb-small"].train, PUBLISHED["ptb-small"].valid, PUBLISHED["ptb-small"].test):
        assert f"{value:.2f}" in published
        assert f"{value:.2f}" not in measured


@pytest.mark.usefixtures("runs")
def test_nothing_is_called_published_where_nothing_was(train):
    app = train(PRESETS["grammar"].experiment)
    assert legend_title(loss_chart(app)[0]) == "recorded run: grammar, 2025-01-31"
    assert not any("Published" in caption for caption in captions(app))


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize(
    "experiment", [changed("ptb-small", units=64), changed("ptb-small", learning_rate=0.5), SINE.experiment]
)
def test_other_settings_have_nothing_behind_them(train, experiment):
    app = train(experiment)
    spec, table = loss_chart(app)
    assert list(table.columns) == ["step", "train", "validation", STOPS, MARK]
    assert legend_title(spec) is None
    assert not any("ecorded run" in caption or "Published" in caption for caption in captions(app))


@pytest.mark.parametrize(
    ("settings", "content", "curves"),
    [
        ({}, {"prime": [0.0, 0.5], "values": [1.0, 0.5]}, ["target", "prime", "generated"]),
        (
            {"target": "peaks"},
            {"inputs": [0.0, 1.0, 0.0], "truth": [0, 1, 0], "probabilities": [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]]},
            ["wave", "true peak", "probability of a peak"],
        ),
    ],
)
def test_what_a_network_of_waves_makes_is_drawn(train, lab, settings, content, curves):
    app = train(changed("sine", **settings))
    row = {"run_id": app.session_state["run"], "step": 10, "content": json.dumps(content), "created": datetime.now(UTC)}
    with writing(open_database(lab.location.database)) as connection:
        connection.execute(insert(samples), row)
    app.run()
    assert not app.exception
    assert not app.error
    spec, table = chart(app, "sample-")
    assert list(table.columns) == ["time", *curves, STOPS, MARK]
    assert len(set(spec["layer"][0]["encoding"]["color"]["scale"]["range"])) == 3


def add_sample(app, lab, content):
    row = {"run_id": app.session_state["run"], "step": 10, "content": json.dumps(content), "created": datetime.now(UTC)}
    with writing(open_database(lab.location.database)) as connection:
        connection.execute(insert(samples), row)
    app.run()
    assert not app.exception


def test_the_accuracy_of_delayed_recall_is_drawn_beside_chance(train, lab):
    app = train(changed("delayed-recall", symbols=4))
    points = [Point(step, name, step / 100) for step in (0, 50) for name in ("train_accuracy", "valid_accuracy")]
    with writing(open_database(lab.location.database)) as connection:
        append_curves(connection, app.session_state["run"], curves_of(points))
    add_sample(
        app, lab, {"kind": "answers", "truth": [0, 1], "probabilities": [[0.7, 0.1, 0.1, 0.1], [0.7, 0.3, 0, 0]]}
    )
    spec, table = loss_chart(app)
    assert spec["layer"][0]["encoding"]["y"]["title"] == "Accuracy"
    assert spec["layer"][0]["encoding"]["y"]["scale"]["type"] == "linear"
    assert table["validation"].tolist() == [0.0, 0.5]
    assert table["chance"].tolist() == [0.25, 0.25]
    assert any("After 50 blanks, 1 of 2 symbols are recalled" in caption for caption in captions(app))


def test_the_sums_of_the_adding_problem_are_drawn_in_order_of_the_right_ones(train, lab):
    app = train(PRESETS["adding"].experiment)
    add_sample(app, lab, {"kind": "answers", "truth": [1.5, 0.5, 1.0], "values": [1.25, 0.75, None]})
    _, table = chart(app, "sample-")
    assert table["right sum"].tolist() == [0.5, 1.0, 1.5]
    np.testing.assert_array_equal(table["answer"], [0.75, np.nan, 1.25])


def test_the_loss_of_the_lazy_answer_is_drawn(train, lab):
    app = train(PRESETS["adding"].experiment)
    add_points(app, lab, [0, 7])
    _, table = loss_chart(app)
    assert table["always 1"].tolist() == pytest.approx([1 / 6, 1 / 6])


@pytest.mark.parametrize(("carry_state", "floor"), [(False, 1.59), (True, 1.0)])
def test_the_floor_of_a_period_text_depends_on_the_carried_state(train, lab, carry_state, floor):
    app = train(changed("period", carry_state=carry_state))
    add_points(app, lab, [0, 7])
    _, table = loss_chart(app)
    assert table["floor"].round(2).tolist() == [floor, floor]


def test_the_arithmetic_of_a_run_is_shown_once_it_has_begun(train, lab):
    app = train(PRESETS["ptb-small"].experiment)
    assert not any("Arithmetic" in caption for caption in captions(app))
    arithmetic = RunArithmetic(output="bfloat16")
    claim_run(lab.location.database, app.session_state["run"], 1, "engine", None).start(0, 40, arithmetic)
    app.run()
    expected = "Arithmetic: the output layer in bfloat16, all others in float32. The run keeps it when it goes on."
    assert expected in captions(app)
    assert "bfloat16 and float32" in "".join(html.proto.body for html in app.get("html"))


def test_a_text_that_is_not_kept_is_asked_for_on_the_data_screen(app, lab):
    app.query_params.update({"data": "text", "corpus": "upload", "upload": "0" * 64})
    app.switch_page("pages/train.py").run()
    app.button(key="train").click().run()
    assert not app.exception
    (note,) = [warning.value.replace("\\", "") for warning in app.warning]
    assert (
        note == "The file of your own (upload) that these settings name is not kept here; upload it on the Data screen."
    )
    assert lab.everybodys_runs() == []
