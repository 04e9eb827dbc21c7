"""A lab of its own for each test, whose runs nobody trains."""

import pytest

from rnnlab.engine.workers import Workers
from rnnlab.lab import Lab
from tests.support.labs import location_in


@pytest.fixture
def lab(tmp_path, monkeypatch):
    monkeypatch.setattr(Workers, "get_runs_going", lambda self: None)
    return Lab(location_in(tmp_path))
