"""The messages of a page if a service of the lab is not available."""

import pytest
from streamlit.testing.v1 import AppTest

from rnnlab.presets import SINE
from rnnlab.visitor import LOCAL_OWNER
from tests.support.waiting import HANGS, wait_for

SILENT = "The cluster at tcp://127.0.0.1:1, which RNNLAB_CLUSTER names, does not answer"


@pytest.fixture
def dead_cluster(monkeypatch):
    """A lab with a cluster that does not answer."""
    monkeypatch.setenv("RNNLAB_CLUSTER", "tcp://127.0.0.1:1")


def texts(elements):
    return " ".join(element.value for element in elements).replace("\\", "")


def test_training_on_a_dead_cluster_is_refused_with_a_sentence(dead_cluster, lab, app):
    app.run()
    app.switch_page("pages/train.py").run()
    app.button(key="train").click().run()
    assert not app.exception
    assert SILENT in texts(app.warning)
    assert lab.everybodys_runs() == []


def test_a_run_that_was_queued_before_says_that_the_cluster_is_dead(dead_cluster, lab, app):
    run_id = lab.store.create(SINE.experiment, LOCAL_OWNER)
    app.query_params["run"] = run_id
    app.run()
    app.switch_page("pages/train.py").run()
    wait_for(lambda: lab.trouble, "trouble")
    app.run()
    lab.close()
    assert not app.exception
    assert SILENT in texts(app.warning)


def screen_of_a_lab_that_cannot_be_opened():
    import app
    from rnnlab.lab import Lab

    try:
        Lab.open()
    except Exception as error:
        app.say_sorry(error)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("RNNLAB_ARTIFACTS", "klingon://class", "The weights cannot be kept in 'klingon://class'"),
        ("RNNLAB_CLUSTER", "server:8786", "RNNLAB_CLUSTER was 'server:8786', but must be the address"),
        ("RNNLAB_DATABASE", "postgresql://ada:secret@127.0.0.1:1/lab", "postgresql://ada@127.0.0.1:1/lab does not"),
    ],
)
def test_a_lab_that_cannot_be_opened_is_one_sentence(monkeypatch, tmp_path, variable, value, sentence):
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path))
    monkeypatch.setenv(variable, value)
    screen = AppTest.from_function(screen_of_a_lab_that_cannot_be_opened, default_timeout=HANGS).run()
    assert not screen.exception
    assert sentence in texts(screen.error)
