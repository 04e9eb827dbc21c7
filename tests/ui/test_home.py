"""Home: the picture, the button, the presets in their groups."""

from rnnlab.presets import PRESETS, SINE, WAVES, grouped
from tests.ui.test_pages import texts


def preset_buttons(app):
    return {button.key.removeprefix("train-") for button in app.button if (button.key or "").startswith("train-")}


def test_every_preset_stands_in_one_group():
    placed = [preset.name for presets in grouped().values() for preset in presets]
    assert sorted(placed) == sorted(PRESETS)


def test_what_trains_on_the_whole_treebank_is_folded_and_nothing_else():
    for group, presets in grouped().items():
        for preset in presets:
            data = preset.experiment.data
            is_whole_treebank = data.kind == "text" and data.corpus == "ptb" and not data.train_tokens
            assert group.is_folded == is_whole_treebank, preset.name


def test_folded_presets_are_drawn_when_somebody_opens_them(app):
    app.run()
    in_view = {preset.name for group, presets in grouped().items() if not group.is_folded for preset in presets}
    assert preset_buttons(app) == in_view
    app.session_state["folded-presets"] = True
    app.run()
    assert preset_buttons(app) == set(PRESETS)
    assert not app.exception


def test_groups_have_their_titles(app):
    app.run()
    assert WAVES.title in [header.value for header in app.subheader]


def test_the_picture_shows_both_regimes(app):
    app.run()
    assert [words in texts(app.markdown) for words in ("teacher-forced", "free-running")] == [True, True]


def test_a_preset_opens_its_settings_on_train(app):
    app.run()
    app.button(key="open-grammar").click().run()
    assert not app.exception
    assert app.session_state["forms"]["text"].preset == "grammar"


def test_the_button_queues_the_sine_preset_and_shows_its_run(app, lab):
    app.run()
    app.button(key="main-job").click().run()
    assert not app.exception
    run = lab.run(app.session_state["home_run"])
    assert run.experiment == SINE.experiment
    assert app.button(key="main-job").disabled
    assert "generates on its own" in texts(app.markdown)
