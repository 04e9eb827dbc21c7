"""The group's part of Train: seeds beside the button, values to try, and a group that a link opens."""

import pytest

from rnnlab.config import Sweep, to_flat
from rnnlab.presets import GRAMMAR, SINE
from rnnlab.store.claim import claim_run
from rnnlab.training.trainer import Measurement

CELLS = Sweep(SINE.experiment, {"cell": ["simple_rnn", "lstm", "gru"]}, 3)


@pytest.fixture
def train(app):
    app.switch_page("pages/train.py").run()
    assert not app.exception
    return app


@pytest.fixture
def open_group(app, lab):
    """Opens the link of a new group, of which some runs have finished with these losses."""

    def opened(sweep, losses=(), owner="local"):
        group_id = lab.submit_group(sweep, owner, "Three cells", "sine")
        for run, loss in zip(lab.members(group_id), losses, strict=False):
            claim = claim_run(lab.location.database, run.id, 1, "another machine", None)
            claim.start(0, 10)
            claim.append([Measurement(0, "valid_loss", 1.0), Measurement(10, "valid_loss", loss)], 10)
            claim.end("finished")
        app.query_params["group"] = group_id
        app.run()
        app.switch_page("pages/train.py").run()
        assert not app.exception
        return group_id

    return opened


def button(app, label):
    return next(found for found in app.button if found.label == label)


def in_link(app, name):
    """What the address carries under a name; None if nothing."""
    texts = app.query_params.get(name)
    return texts if texts is None or isinstance(texts, str) else texts[-1]


def captions(app):
    return [caption.value for caption in app.caption]


def test_three_seeds_and_train_make_a_group_of_three(train, lab):
    train.selectbox(key="w_seeds").set_value(3).run()
    button(train, "Train").click().run()
    assert not train.exception
    runs = lab.members(in_link(train, "group"))
    assert [run.experiment.seed for run in runs] == [0, 1, 2]
    assert in_link(train, "run") is None
    assert "0 of 3 runs finished, 3 waiting." in captions(train)


def test_one_seed_makes_a_run_as_ever(train, lab):
    button(train, "Train").click().run()
    (run,) = lab.everybodys_runs()
    assert run.group_id is None
    assert in_link(train, "group") is None


def open_fold(app):
    app.session_state["try-several"] = True
    app.run()
    assert not app.exception


def test_the_ready_made_button_trains_every_cell_with_three_seeds(train, lab):
    open_fold(train)
    button(train, "All 3 cells, 3 seeds").click().run()
    assert not train.exception
    runs = lab.members(in_link(train, "group"))
    assert [run.experiment for run in runs] == CELLS.experiments


def test_typed_values_make_a_group_and_its_size_is_said_before(train, lab):
    open_fold(train)
    train.selectbox(key="w_tried-0").select("forget_bias").run()
    train.text_input(key="w_values-forget_bias").set_value("0, 4").run()
    train.segmented_control(key="w_seeds-tried").set_value(5).run()
    assert any(text.value.startswith("10 runs, time unknown") for text in train.markdown)
    button(train, "Train 10 runs").click().run()
    assert not train.exception
    group = lab.group(in_link(train, "group"))
    assert group.varies == {"forget_bias": [0.0, 4.0], "seed": [0, 1, 2, 3, 4]}
    assert train.session_state["seeds"] == 5


@pytest.mark.parametrize("text", ["", "4", "4, x", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13"])
def test_values_that_cannot_be_used_get_a_sentence_and_no_button(train, text):
    open_fold(train)
    train.selectbox(key="w_tried-0").select("units").run()
    train.text_input(key="w_values-units").set_value(text).run()
    assert not train.exception
    assert train.button(key="train-tried").disabled
    assert any(":red[" in found.value for found in train.markdown)


def test_a_setting_that_has_lost_its_effect_is_not_tried_any_more(train):
    open_fold(train)
    train.selectbox(key="w_tried-0").select("forget_bias").run()
    train.session_state["forms"]["sine"].set("cell", "gru")
    train.run()
    assert not train.exception
    assert train.session_state["tried"] == ["cell", ""]


def test_a_link_opens_the_group_with_its_settings_and_its_values(open_group, app, lab):
    group_id = open_group(CELLS, [0.5, 0.25, 0.125])
    assert in_link(app, "group") == group_id
    assert app.session_state["tried"] == ["cell", ""]
    assert app.session_state["seeds"] == 3
    assert app.session_state["forms"]["sine"].values == to_flat(CELLS.experiments[0])
    assert "3 of 9 runs finished, 6 waiting." in captions(app)
    assert "Lowest median so far: GRU, 0.125. Highest: Simple RNN, 0.5." in captions(app)
    table = app.table[0].value
    assert table.index.tolist() == ["Simple RNN", "LSTM", "GRU"]
    assert table["Finished"].tolist() == ["1 of 3"] * 3
    assert table["Median"].tolist() == ["0.5", "0.25", "0.125"]


def test_a_link_with_settings_of_its_own_still_offers_the_groups_values(app, lab):
    group_id = lab.submit_group(CELLS)
    app.query_params["group"], app.query_params["units"] = group_id, "7"
    app.switch_page("pages/train.py").run()
    assert not app.exception
    assert app.session_state["forms"]["sine"].values["units"] == 7
    assert (app.session_state["tried"], app.session_state["seeds"]) == (["cell", ""], 3)


def test_losses_of_a_text_are_shown_as_perplexities(open_group, app):
    open_group(Sweep(GRAMMAR.experiment, {}, 3), [0.0, 1.0, 2.0])
    assert app.table[0].value["Median"].tolist() == ["2.718"]
    assert app.table[0].value["Largest"].tolist() == ["7.389"]


def test_pause_stop_and_go_on_reach_all_runs(open_group, app, lab):
    group_id = open_group(CELLS, [0.5])
    button(app, "Pause").click().run()
    assert {run.state for run in lab.members(group_id)} == {"finished", "paused"}
    app.run()
    button(app, "Go on").click().run()
    assert {run.state for run in lab.members(group_id)} == {"finished", "queued"}
    app.run()
    button(app, "Stop").click().run()
    assert {run.state for run in lab.members(group_id)} == {"finished", "stopped"}
    assert not app.exception


def test_a_deleted_group_is_gone_from_the_screen(open_group, app, lab):
    group_id = open_group(CELLS)
    app.button(key=f"delete-{group_id}").click().run()
    assert not app.exception
    assert lab.everybodys_runs() == []
    app.run()
    assert in_link(app, "group") is None


def test_a_deleted_group_comes_back_as_one(open_group, app, lab):
    group_id = open_group(CELLS)
    app.button(key=f"delete-{group_id}").click().run()
    app.run()
    app.button(key="undo-delete-group").click().run()
    assert not app.exception
    assert len(lab.members(group_id)) == len(CELLS.experiments)
    assert in_link(app, "group") == group_id
    app.run()
    assert "undo-delete-group" not in [found.key for found in app.button]


def test_a_stranger_may_look_and_take_a_copy(open_group, app):
    open_group(CELLS, owner="somebody else")
    assert "Pause" not in [found.label for found in app.button]
    button(app, "Make a copy with these settings").click().run()
    app.run()
    assert not app.exception
    assert in_link(app, "group") is None
    assert app.session_state["forms"]["sine"].values == to_flat(CELLS.experiments[0])


def test_a_link_to_a_group_that_is_gone_gets_a_sentence(app):
    app.query_params["group"] = "gone"
    app.switch_page("pages/train.py").run()
    assert not app.exception
    assert in_link(app, "group") is None


def test_from_the_group_to_a_run_and_back(open_group, app, lab):
    group_id = open_group(CELLS)
    app.session_state[f"members-{group_id}"] = True
    app.run()
    second = lab.members(group_id)[1]
    app.button(key=f"show-{second.id}").click().run()
    app.run()
    assert in_link(app, "run") == second.id
    assert in_link(app, "group") is None
    button(app, "Show the group that this run belongs to").click().run()
    assert in_link(app, "group") == group_id
    assert not app.exception


def test_a_presets_settings_are_opened_without_the_group_that_was_shown(open_group, app):
    open_group(Sweep(SINE.experiment, {}, 3))
    assert app.session_state["group"]
    app.switch_page("pages/home.py").run()
    app.button(key="open-grammar").click().run()
    assert [title.value for title in app.title] == ["Train"]
    assert app.session_state["group"] is None
