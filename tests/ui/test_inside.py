"""Look inside: the choice of figures, its link, its refusals, and the numbers to take away."""

import pytest

from rnnlab.analyses.nudge import GrowthRates, PushState
from rnnlab.config import Experiment, MemoryData, ModelConfig, SineData, TrainingConfig
from rnnlab.sentences.inside import needs_free_run, needs_series, needs_sine
from rnnlab.ui.screens.inside import STUDIES
from tests.support.app_test import new_app, screens_in_their_entry, widget
from tests.support.labs import small_experiment
from tests.ui.test_compare import compare, in_address, lab, texts, train, wave_run  # noqa: F401
from tests.ui.test_compare_text import text_run  # noqa: F401


@pytest.fixture
def inside(lab, monkeypatch):  # noqa: F811
    """Opens Look inside as a link does."""
    screens_in_their_entry(monkeypatch)

    def open_screen(run_id, **parameters):
        app = new_app()
        app.query_params.update({"run": run_id, "steps": "50", "prime": "20", **parameters})
        app.switch_page("pages/inside.py").run()
        assert not app.exception
        return app

    return open_screen


def test_every_study_of_a_wave_is_offered_and_drawn_and_stays_in_the_link(inside, wave_run):  # noqa: F811
    app = inside(wave_run)
    for study in (study for study in STUDIES if study.refusal(small_experiment()) is None):
        widget(app.segmented_control, "compare-study").set_value(study.name).run()
        assert not app.exception, study.name
        assert study.question in texts(app.markdown)
        assert in_address(app, "study") == study.name
        assert app.get("plotly_chart") or app.get("html"), study.name


def test_a_link_opens_its_figure(inside, wave_run):  # noqa: F811
    assert widget(inside(wave_run, study="portrait").segmented_control, "compare-study").value == "portrait"


def test_a_memory_task_gets_one_sentence_and_no_error(inside, lab):  # noqa: F811
    data = MemoryData(problem="adding", time_lag=3, sequences=20)
    run_id = train(lab, Experiment(data, ModelConfig(units=4), TrainingConfig(epochs=2, batch_size=5)))
    app = inside(run_id, study="portrait")
    assert "“Portrait” does not apply to this run. A memory task has one answer" in texts(app.info)


def test_what_a_memory_task_reads_is_called_a_symbol_and_not_a_word(inside, lab):  # noqa: F811
    data = MemoryData(problem="recall", time_lag=3, sequences=20)
    run_id = train(lab, Experiment(data, ModelConfig(units=4), TrainingConfig(epochs=2, batch_size=5)))
    captions = texts(inside(run_id, study="gates").caption)
    assert "Each symbol is coloured by f of unit 1" in captions
    assert "word" not in captions


def test_a_run_without_weights_gets_one_sentence(inside, lab):  # noqa: F811
    app = inside(lab.submit(small_experiment(), "local", "A run"))
    assert "This run has no saved weights yet" in texts(app.warning)


@pytest.mark.parametrize("refusal", [needs_free_run, needs_series, needs_sine])
def test_a_bidirectional_network_is_refused_with_a_reason(refusal):
    model = ModelConfig(units=4, unrolling="bidirectional")
    experiment = Experiment(SineData(target="peaks"), model, TrainingConfig(num_steps=30))
    assert "bidirectional network cannot run alone" in refusal(experiment)


def test_the_push_that_is_chosen_is_the_one_that_is_followed(inside, lab, wave_run):  # noqa: F811
    app = inside(wave_run, study="nudge", push="0.5", at="10")
    answer = lab.ask(wave_run, PushState(prime=50, steps=60, at=10, size=0.5))
    assert f"differ by {answer.apart[0]:.2g} if both are given the true values" in texts(app.markdown)
    widget(app.text_input, "compare-push-typed").set_value("0.001").run()
    assert "differ by" not in texts(app.markdown)
    assert in_address(app, "push") == "0.001"
    assert "the largest exponent is" in texts(app.markdown)


def test_a_pushed_text_shows_what_both_networks_write(inside, text_run):  # noqa: F811
    app = inside(text_run, study="portrait")
    assert "“Portrait” does not apply to this run. This network reads a text." in texts(app.info)
    assert widget(app.segmented_control, "compare-study").value == "nudge"
    assert "Both networks draw with the same random numbers" in texts(app.markdown)
    assert [text.value.partition(":")[0] for text in app.text] == ["Unpushed", "Pushed"]
    assert "Given the true words" in texts(app.markdown)


def test_a_cancelled_question_is_not_asked_again_until_somebody_wants_it(inside, lab, wave_run, monkeypatch):  # noqa: F811
    app, asked, ask = inside(wave_run, study="portrait"), [], lab.ask

    def ask_and_note(run_id, question, **options):
        asked.append(question)
        return ask(run_id, question, **options)

    monkeypatch.setattr(lab, "ask", ask_and_note)
    app.session_state["cancelled"] = f"{GrowthRates(50, 2000)!r} of {wave_run}"
    widget(app.segmented_control, "compare-study").set_value("nudge").run()
    assert not any(isinstance(question, GrowthRates) for question in asked)
    assert "steps after the push" in texts(app.markdown)
    app.button(key="again-GrowthRates").click().run()
    assert not app.exception
    assert any(isinstance(question, GrowthRates) for question in asked)
    assert "the largest exponent is" in texts(app.markdown)


def test_compare_has_the_nudge_in_small_and_leads_to_the_whole(compare, wave_run):  # noqa: F811
    app = compare(wave_run)
    assert not [button for button in app.button if button.key == "to-the-nudge"]
    app.session_state["small-nudge"] = True
    app.run()
    assert "steps after the push" in texts(app.markdown)
    app.button(key="to-the-nudge").click().run()
    assert [title.value for title in app.title] == ["Look inside"]
    assert widget(app.segmented_control, "compare-study").value == "nudge"


@pytest.mark.parametrize("page", ["pages/train.py", "pages/compare.py"])
def test_train_and_compare_lead_to_the_inside_of_the_run_that_they_show(compare, wave_run, page):  # noqa: F811
    app = compare(wave_run)
    app.switch_page(page).run()
    links = [link.proto for link in app.get("page_link")]
    assert [wave_run in link.query_string for link in links if link.label == "Look inside"] == [True]
