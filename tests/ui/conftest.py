"""A real lab behind the screens, and the app in front of it."""

import pytest

from rnnlab.lab import Lab
from rnnlab.store.location import Location
from rnnlab.ui.server import lab_access
from tests.support.app_test import new_app, screens_in_their_entry


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A real lab in a folder of its own. Its engine is not started: no test here trains."""
    for name, value in Location.from_environment({"RNNLAB_HOME": str(tmp_path)}).environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Lab, "prepare", lambda self: None)
    monkeypatch.setattr("rnnlab.engine.engine_file.start_engine", lambda *_: None)
    lab_access.lab.clear()
    yield lab_access.lab()
    lab_access.lab.clear()


@pytest.fixture
def app(lab, monkeypatch):
    screens_in_their_entry(monkeypatch)
    return new_app()
