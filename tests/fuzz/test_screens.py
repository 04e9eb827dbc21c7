"""Whole screens: a link that is opened, and fields that are filled before Train is clicked."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rnnlab import config
from rnnlab.engine.workers import WorkersUnavailable
from rnnlab.form import read_link
from rnnlab.lab import Lab
from rnnlab.lessons.link import LESSON
from rnnlab.presets import PRESETS
from rnnlab.store.location import Location
from rnnlab.ui.server import lab_access
from rnnlab.ui.state.address import read_parameters
from rnnlab.ui.table import COMPARISON, EVERYWHERE, PLAYED
from rnnlab.ui.widgets.dial import typed as spelled
from tests.fuzz.budget import examples
from tests.fuzz.hostile import NAMES, STRANGE_NAMES, URL_TEXT, one_setting, value_of
from tests.fuzz.test_text_files import FILES
from tests.fuzz.verdict import ROWS, check_meaning, check_sentence
from tests.support.app_test import new_app, screens_in_their_entry, widget

NO_WORKERS = "No worker is started here."
NOT_SETTINGS = EVERYWHERE | PLAYED | LESSON
SCREENS = ["pages/train.py", "pages/data.py", "pages/compare.py", "pages/runs.py"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A lab without workers, and without the treebank, which some settings would count for seconds."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in Location.from_environment({"RNNLAB_HOME": str(home)}).environment().items():
            patch.setenv(name, value)
        patch.setenv("RNNLAB_PTB", str(home / "no treebank"))
        screens_in_their_entry(patch)
        patch.setattr(Lab, "prepare", lambda self: None)
        patch.setattr("rnnlab.engine.engine_file.start_engine", lambda *_: None)
        lab_access.lab.clear()
        opened = lab_access.lab()
        patch.setattr(opened._workers, "call", no_workers)
        yield opened
        lab_access.lab.clear()


def no_workers(*_, **__):
    raise WorkersUnavailable(NO_WORKERS)


def unescaped(text):
    """What Markdown shows of a text whose every mark has a backslash before it."""
    return text.replace("\u2060", "").replace("\\\\", "\0").replace("\\", "").replace("\0", "\\")


def shown(elements):
    return [unescaped(element.value) for element in elements]


PARAMETERS = st.lists(
    one_setting(URL_TEXT).map(lambda pair: (pair[0], str(pair[1])))
    | st.tuples(STRANGE_NAMES.map(lambda n: n.encode(errors="replace").decode()[:200]), URL_TEXT)
    | st.tuples(st.sampled_from(["preset", "data", "run", *EVERYWHERE, *LESSON, *PLAYED]), URL_TEXT),
    min_size=1,
    max_size=4,
)


@examples("screen: link")
@given(PARAMETERS, st.sampled_from(SCREENS))
def test_any_link_opens_its_screen_with_a_sentence_for_each_parameter_that_does_not_count(lab, pairs, screen):
    collected: dict[str, list[str]] = {}
    for name, text in pairs:
        collected.setdefault(name, []).append(text)
    parameters = parse_qs(urlencode(collected, doseq=True), keep_blank_values=True)
    app = new_app()
    app.query_params.update(parameters)
    app.run()
    assert not app.exception
    assert not app.error
    said = shown(app.warning)
    for sentence in said:
        check_sentence(sentence)
    settings = {name: texts for name, texts in parameters.items() if name != "run" and name not in NOT_SETTINGS}
    form, notes = read_link(settings)
    notes += read_parameters({name: texts for name, texts in parameters.items() if name in NOT_SETTINGS})[1]
    runs = [sentence for sentence in said if sentence.startswith("There is no run")]
    assert len(runs) == bool(parameters.get("run", [""])[-1])
    assert sorted({*said} - {*runs}) == sorted({*notes})
    app.switch_page(screen).run()
    assert not app.exception
    assert len(app.title) == 1
    if settings:
        assert app.session_state["forms"][form.kind].values == form.values


@examples("screen: comparison")
@given(
    st.dictionaries(
        st.sampled_from(sorted(COMPARISON)), URL_TEXT | st.integers(-1, 2000).map(str) | st.just("0.7"), min_size=1
    ),
    st.sampled_from(["sine", "ptb-small", "grammar-numbers"]),
)
def test_any_link_to_a_comparison_shows_its_values_or_a_sentence_for_each(lab, parameters, learned):
    run_id = lab.submit(PRESETS[learned].experiment, "local", "A run")
    app = new_app()
    app.query_params.update(parameters | {"run": run_id})
    app.run()
    assert not app.exception
    said = shown(app.warning)
    app.switch_page("pages/compare.py").run()
    assert not app.exception
    assert not app.error
    lab.delete(run_id)
    said += [sentence for sentence in shown(app.warning) if sentence != NO_WORKERS]
    for sentence in said:
        check_sentence(sentence)
    kept = app.session_state["comparison"]
    for name, text in parameters.items():
        about = [sentence for sentence in said if re.match(rf"(The )?{COMPARISON[name][0].label}\b", sentence, re.I)]
        assert len(about) <= 1
        if not about:
            value = kept[name]
            assert value == text if isinstance(value, str) else float(value) == float(text), (name, text, value)


TYPED = [name for name in NAMES if ROWS[name][1] is not bool and not ROWS[name][0].choices and name != "upload"]
TYPING = st.lists(st.sampled_from(TYPED), min_size=1, max_size=12, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: value_of(name, URL_TEXT).map(str) for name in names})
)
"""What is typed into some fields, as far as the screen has them."""


def train(app):
    app.button(key="train").click().run()


def choose_another_dataset_and_come_back(app):
    first = widget(app.selectbox, "w_dataset").value
    widget(app.selectbox, "w_dataset").select("grammar" if first == "sine" else "sine").run()
    assert not app.exception
    widget(app.selectbox, "w_dataset").select(first).run()


def look_at_another_screen_and_come_back(app):
    app.run()  # A browser sends what was typed before it asks for another screen.
    here = app.title[0].value.lower()
    app.switch_page("pages/train.py" if here == "data" else "pages/data.py").run()
    assert not app.exception
    if here == "train" and any(one.value.startswith("The picture comes back") for one in app.info):
        assert any(":red[" in one.value for one in app.markdown), "it says that something is wrong and not what"
    app.switch_page(f"pages/{here}.py").run()


ACTIONS = [
    *[("train", train), ("train", choose_another_dataset_and_come_back)],
    *[("train", look_at_another_screen_and_come_back), ("data", choose_another_dataset_and_come_back)],
    ("data", look_at_another_screen_and_come_back),
]


@examples("screen: form")
@given(TYPING, st.sampled_from(["sine", "grammar"]), st.sampled_from(ACTIONS), st.booleans())
@example({"units": "abc", "layer_units": "3"}, "sine", ACTIONS[0], True)  # The second one makes the first one idle.
def test_whatever_is_typed_before_a_click_is_taken_or_stays_with_its_sentence(lab, typed, start, action, opened):
    screen, act = action
    app = new_app()
    app.query_params["preset"] = start
    app.run()
    app.switch_page(f"pages/{screen}.py").run()
    if opened and screen == "train":
        app.session_state["drawer"] = True
        app.run()
    before = {field.key: field.value for field in app.text_input if not field.disabled}
    typed = {name: text for name, text in typed.items() if f"w_{name}" in before}
    for name, text in typed.items():
        widget(app.text_input, f"w_{name}").set_value(text)
    act(app)
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1
    (form,) = (one for one in app.session_state["forms"].values() if one.preset == start)
    after = {field.key: field.value for field in app.text_input}
    for key in before.keys() & after.keys():
        name = key.removeprefix("w_")
        assert after[key] in (typed.get(name, before[key]), spelled(form.values[name])), name
    complaints = form.complaints(lab.vocabulary_of)
    for name, text in typed.items():
        if name in complaints:
            assert form.values[name] == text or config.parse_setting(name, text) == form.values[name]
        else:
            check_meaning(name, text, form.values[name])
    on_screen = shown(app.markdown)
    for name, sentence in complaints.items():
        check_sentence(sentence, name)
        if screen == "train":
            assert any(sentence in one for one in on_screen), f"{sentence} is not on the screen"
    runs = lab.everybodys_runs()
    assert len(runs) == (act is train and not complaints)
    for run in runs:
        assert app.session_state["run"] == run.id
        assert config.to_flat(run.experiment) == form.values
        lab.delete(run.id)


@examples("screen: file")
@given(FILES, st.text(st.characters(codec="utf-8", exclude_characters="/\0"), max_size=300))
def test_any_file_is_taken_or_gets_its_sentence_on_the_screen(lab, content, name):
    app = new_app()
    app.query_params.update({"preset": "ptb-demo", "corpus": "upload", "train_tokens": "0"})
    app.run()
    app.switch_page("pages/data.py").run()
    app.file_uploader(key="upload").set_value((f"{name}.txt", content, "text/plain")).run()
    assert not app.exception
    upload = app.session_state["forms"]["text"].values["upload"]
    assert len(app.error) == (not upload)
    for sentence in shown(app.error):
        check_sentence(sentence)
        assert sentence.startswith(("The text", "The file"))
    if upload:
        app.switch_page("pages/train.py").run()
        app.button(key="train").click().run()
        assert not app.exception
        assert not app.warning
        (run,) = lab.everybodys_runs()
        lab.delete(run.id)
