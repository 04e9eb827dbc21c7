"""Whole screens: a link that is opened, and fields that are filled before Train is clicked."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from rnnlab.runs import Lab, Place
from rnnlab.ui import lab_access
from rnnlab.ui.address import COMPARISON, read_comparison
from rnnlab.ui.fields import FRONT, FRONT_DATA
from rnnlab.ui.form import read_link
from tests.fuzz.budget import examples
from tests.fuzz.hostile import STRANGE_NAMES, URL_TEXT, one_setting, value_of
from tests.fuzz.verdict import ROWS, check_meaning, check_sentence, names

ROOT = Path(__file__).parents[2]
TYPED = [name for group in (FRONT_DATA["sine"], *FRONT.values()) for name in group if not ROWS[name][0].choices]
SCREENS = ["pages/train.py", "pages/data.py", "pages/compare.py", "pages/runs.py"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A lab without workers, and without the treebank, which some settings would count for seconds."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in Place.from_environment({"RNNLAB_HOME": str(home)}).environment().items():
            patch.setenv(name, value)
        patch.setenv("RNNLAB_PTB", str(home / "no treebank"))
        patch.setattr(Lab, "prepare", lambda self: None)
        patch.setattr("rnnlab.runs.engine_file.start_engine", lambda *_: None)
        lab_access.lab.clear()
        yield lab_access.lab()
        lab_access.lab.clear()


def new_app():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


def unescaped(text):
    """What Markdown shows of a text whose every mark has a backslash before it."""
    return text.replace("\u2060", "").replace("\\\\", "\0").replace("\\", "").replace("\0", "\\")


def shown(elements):
    return [unescaped(element.value) for element in elements]


PARAMETERS = st.lists(
    one_setting(URL_TEXT).map(lambda pair: (pair[0], str(pair[1])))
    | st.tuples(STRANGE_NAMES.map(lambda n: n.encode(errors="replace").decode()[:200]), URL_TEXT)
    | st.tuples(st.sampled_from(["preset", "data", "run", *COMPARISON]), URL_TEXT),
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
    settings = {name: texts for name, texts in parameters.items() if name != "run" and name not in COMPARISON}
    form, notes = read_link(settings)
    notes += read_comparison({name: texts for name, texts in parameters.items() if name in COMPARISON})[1]
    runs = [sentence for sentence in said if sentence.startswith("There is no run")]
    assert len(runs) == bool(parameters.get("run", [""])[-1])
    assert sorted({*said} - {*runs}) == sorted({*notes})
    app.switch_page(screen).run()
    assert not app.exception
    assert len(app.title) == 1
    if settings:
        assert app.session_state["forms"][form.kind].values == form.values


@examples("screen: form")
@given(
    st.dictionaries(st.sampled_from(TYPED), st.none(), min_size=1, max_size=4).flatmap(
        lambda chosen: st.fixed_dictionaries({name: value_of(name, URL_TEXT).map(str) for name in chosen})
    )
)
def test_whatever_is_typed_before_train_is_clicked_is_trained_or_stays_with_its_sentence(lab, typed):
    app = new_app()
    app.run()
    app.switch_page("pages/train.py").run()
    before = {field.key: field.value for field in app.text_input}
    for name, text in typed.items():
        app.text_input(key=f"w_{name}").set_value(text)
    app.button(key="train").click().run()
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1
    assert {field.key: field.value for field in app.text_input if field.key in before} == before | {
        f"w_{name}": text for name, text in typed.items()
    }
    values = app.session_state["forms"]["sine"].values
    runs = lab.everybodys_runs()
    if runs:
        (run,) = runs
        lab.delete(run.id)
        for name, text in typed.items():
            check_meaning(name, text, values[name])
        assert app.session_state["run"] == run.id
    else:
        complaints = app.session_state["forms"]["sine"].complaints()
        assert complaints
        for name, sentence in complaints.items():
            check_sentence(sentence, name)
            assert any(names(one, name) and sentence in one for one in shown(app.markdown)), sentence
