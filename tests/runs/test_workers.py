"""The line to the workers: nothing is collected while a client starts."""

import gc

import pytest

from rnnlab.engine.workers import without_collection


class Circle:
    """Garbage that only a collection finds."""

    def __init__(self, collected):
        self.me = self
        self.collected = collected

    def __del__(self):
        self.collected.append(True)


@pytest.fixture
def eager():
    """A collection at every few allocations."""
    before = gc.get_threshold()
    gc.set_threshold(1)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("error", [None, TimeoutError])
def test_garbage_waits_until_the_client_has_started_or_failed(error):
    collected = []
    try:
        with without_collection():
            Circle(collected)
            assert len([[] for _ in range(1000)]) == 1000
            assert collected == []
            if error:
                raise error
    except TimeoutError:
        assert error
    assert len([[] for _ in range(1000)]) == 1000
    assert collected == [True]
    assert gc.isenabled()
