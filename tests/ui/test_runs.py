"""Runs: the table, what can be done with the ticked runs, and their curves over each other."""

import dataclasses

import pytest

from rnnlab.presets import SINE
from rnnlab.store.claim import claim_run
from rnnlab.store.listing import PAGE
from rnnlab.training.trainer import Measurement
from tests.support.app_test import new_app


def experiment(units):
    return dataclasses.replace(SINE.experiment, model=dataclasses.replace(SINE.experiment.model, units=units))


@pytest.fixture
def train(lab):
    """Adds a finished run with these validation losses."""

    def add(name, losses=(3.0, 1.0, 2.0), units=8, owner="local"):
        run_id = lab.store.create(experiment(units), owner, name, "sine")
        claim = claim_run(lab.store.url, run_id, 1, "engine", None)
        claim.start(0, len(losses))
        for measure in ("train_loss", "valid_loss"):
            claim.append([Measurement(i, measure, loss) for i, loss in enumerate(losses)], len(losses))
        claim.end("finished")
        return run_id

    return add


def show(app):
    app.switch_page("pages/runs.py").run()
    assert not app.exception
    return app


def listed(app):
    return app.dataframe[0].value["Name"].tolist()


def tick(app, *names):
    """Tick the rows of these runs and no others, as a click on their boxes does."""
    rows = [listed(app).index(name) for name in names]
    app.session_state[app.dataframe[0].key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    app.run()
    assert not app.exception


def ticked(app):
    return [button.key.removeprefix("open-") for button in app.button if (button.key or "").startswith("open-")]


def captions(app):
    return " ".join(caption.value.replace("\\", "") for caption in app.caption)


def chart(app):
    (found,) = app.get("vega_lite_chart")
    return found


def test_the_table_shows_what_differs_and_what_each_run_came_to(app, train):
    train("narrow", units=8)
    train("wide", (3.0, 0.5), units=16)
    table = show(app).dataframe[0].value
    assert table["Name"].tolist() == ["wide", "narrow"]
    assert table["Units"].tolist() == [16, 8]
    assert table["State"].tolist() == ["Finished"] * 2
    assert table["Best validation loss"].tolist() == [0.5, 1.0]
    assert table["At step"].tolist() == [1, 1]
    assert [list(line) for line in table["Validation loss"]] == [[3.0, 0.5], [3.0, 1.0, 2.0]]
    assert "Cell" not in table
    assert "Owner" not in table


def test_the_newest_run_is_ticked_at_first(app, train):
    train("old")
    newest = train("new")
    assert ticked(show(app)) == [newest]


def test_ticking_is_spoken_of_where_there_is_something_to_tick(app, train):
    assert "There are no runs yet." in [info.value for info in show(app).info]
    assert "Tick runs" not in captions(app)
    train("one")
    tick(show(app))
    assert "Tick runs to open them" in captions(app)


def test_ticked_runs_have_buttons_and_stay_ticked_when_the_order_changes(app, train):
    first, second, third = train("a", (3.0,)), train("b", (1.0,)), train("c", (2.0,))
    tick(show(app), "a", "c")
    assert set(ticked(app)) == {first, third}
    app.selectbox(key="runs-order").select("best").run()
    assert listed(app) == ["b", "c", "a"]
    assert set(ticked(app)) == {first, third}
    tick(app, "b")
    assert ticked(app) == [second]
    app.selectbox(key="runs-order").select("name").run()
    app.text_input(key="runs-search").set_value("a").run()
    assert listed(app) == ["a"]
    assert ticked(app) == [second]


def test_nothing_is_ticked_after_untick_all(app, train):
    train("a")
    train("b")
    tick(show(app), "a", "b")
    app.button(key="untick").click().run()
    assert ticked(app) == []
    assert "Tick runs to open them" in captions(app)


def test_a_search_and_a_state_narrow_the_list(app, lab, train):
    train("wave")
    lab.store.create(SINE.experiment, "local", "waiting wave", "sine")
    show(app)
    app.text_input(key="runs-search").set_value("WAITING").run()
    assert listed(app) == ["waiting wave"]
    app.text_input(key="runs-search").set_value("wave").run()
    app.multiselect(key="runs-states").select("finished").run()
    assert listed(app) == ["wave"]
    app.text_input(key="runs-search").set_value("no such thing").run()
    assert not app.dataframe
    assert "No run matches" in app.info[0].value


def test_a_long_list_is_turned_page_by_page(app, lab):
    for number in range(PAGE + 1):
        lab.store.create(SINE.experiment, "local", f"run {number}", "sine")
    show(app)
    assert f"1 to {PAGE} of {PAGE + 1} runs." in captions(app)
    next(button for button in app.button if button.label == "Next").click().run()
    assert listed(app) == ["run 0"]
    app.text_input(key="runs-search").set_value("run 7").run()
    assert "run 7" in listed(app)


def test_a_run_is_renamed_and_gets_tags_and_notes(app, lab, train):
    run_id = train("First name")
    show(app)
    app.text_input(key=f"name-{run_id}").set_value("Second name")
    app.text_input(key=f"tags-{run_id}").set_value("exam, wave")
    app.text_area(key=f"remark-{run_id}").set_value("It **drifts**.")
    app.button(key=f"rename-{run_id}").click().run()
    run = lab.run(run_id)
    assert (run.name, run.tags, run.remark) == ("Second name", "exam, wave", "It **drifts**.")
    assert app.dataframe[0].value["Tags"].tolist() == ["exam, wave"]
    assert "It \\*\\*drifts\\*\\*\\." in [caption.value for caption in app.caption]


def test_a_name_that_cannot_be_used_gets_a_sentence(app, lab, train):
    run_id = train("before")
    show(app)
    app.text_input(key=f"name-{run_id}").set_value(" ")
    app.button(key=f"rename-{run_id}").click().run()
    assert "must have 1 to 200" in " ".join(warning.value for warning in app.warning)
    assert lab.run(run_id).name == "before"


def test_a_deleted_run_comes_back_by_undo(app, lab, train):
    run_id = train("gone")
    show(app)
    app.button(key=f"delete-{run_id}").click().run()
    assert lab.runs("local") == []
    assert "1 deleted run." in captions(app)
    app.button(key="undo-delete").click().run()
    assert listed(app) == ["gone"]
    assert "deleted" not in captions(app)


def test_the_trash_is_emptied_for_good(app, lab, train):
    run_id = train("gone")
    show(app)
    app.button(key=f"delete-{run_id}").click().run()
    app.button(key="delete-for-good").click().run()
    assert lab.trashed("local") == []
    assert not app.exception


def test_runs_are_compared_with_the_one_that_is_pinned(app, train):
    base = train("base", (2.0,), units=8)
    train("lower", (1.0,), units=16)
    tick(show(app), "base")
    app.button(key=f"pin-{base}").click().run()
    table = app.dataframe[0].value
    assert table["Loss against the baseline, %"].tolist()[0] == pytest.approx(-50)
    assert table["Other settings than the baseline"].tolist()[0] == "units 16"
    assert "compared with base" in captions(app)
    app.button(key="unpin").click().run()
    assert "Loss against the baseline, %" not in app.dataframe[0].value


def test_the_curves_of_the_ticked_runs_are_named_by_what_differs(app, train):
    train("narrow", units=8)
    train("wide", units=16)
    tick(show(app), "narrow", "wide")
    spec = chart(app).proto.spec
    assert '"units 8"' in spec
    assert '"units 16"' in spec
    assert '"Step"' in spec
    app.selectbox(key="overlay-axis").select("Epoch").run()
    app.selectbox(key="overlay-smoothing").select("5 points").run()
    assert not app.exception
    assert '"Epoch"' in chart(app).proto.spec
    assert "mean of 5 measured points" in captions(app)


def test_free_runs_on_the_same_series_are_drawn_over_each_other(app, lab):
    for units in (8, 16):
        run_id = lab.store.create(experiment(units), "local", f"{units}", "sine")
        claim = claim_run(lab.store.url, run_id, 1, "engine", None)
        claim.start(0, 1)
        claim.append([Measurement(0, "valid_loss", 1.0)], 1)
        claim.add_sample(1, {"kind": "series", "prime": [0.0, 0.1], "values": [0.2, None, 0.4]})
        claim.end("finished")
    tick(show(app), "8", "16")
    _, free = app.get("vega_lite_chart")
    for name in ("target", "units 8", "units 16", "Time step"):
        assert f'"{name}"' in free.proto.spec


@pytest.mark.parametrize("axis", ["Seconds", "Tokens"])
def test_every_axis_is_drawn(app, train, axis):
    train("wave")
    show(app)
    app.selectbox(key="overlay-axis").select(axis).run()
    assert not app.exception
    assert f'"{axis}"' in chart(app).proto.spec


def test_a_run_without_a_measurement_has_no_chart(app, lab):
    lab.store.create(SINE.experiment, "local", "waiting", "sine")
    assert not show(app).get("vega_lite_chart")


def test_a_run_whose_settings_are_unknown_is_listed(app, lab, train):
    from sqlalchemy import update

    from rnnlab.store import schema
    from rnnlab.store.database import open_database, writing

    run_id = train("old")
    with writing(open_database(lab.store.url)) as connection:
        connection.execute(update(schema.runs).where(schema.runs.c.id == run_id).values(experiment='{"unitz": 1}'))
    assert listed(show(app)) == ["old"]


def test_a_run_that_is_deleted_elsewhere_is_ticked_no_longer(app, lab, train):
    run_id = train("gone")
    other = train("stays")
    tick(show(app), "gone", "stays")
    lab.delete(run_id)
    app.run()
    assert not app.exception
    assert ticked(app) == [other]


def test_each_visitor_ticks_alone(app, lab, train):
    train("a")
    newest = train("b")
    tick(show(app), "a")
    assert ticked(show(new_app())) == [newest]
