import time

from rnnlab.worker.throttle import Throttle


def is_due_at(throttle, seconds, monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: seconds)
    return throttle.is_due()


def take_turn(throttle, began, cost, monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: began)
    with throttle.turn():
        monkeypatch.setattr(time, "monotonic", lambda: began + cost)


def test_something_cheap_is_due_regularly(monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    throttle = Throttle(1.0, share=0.05)
    assert not is_due_at(throttle, 0.9, monkeypatch)
    assert is_due_at(throttle, 1.0, monkeypatch)
    take_turn(throttle, 1.0, 0.01, monkeypatch)
    assert not is_due_at(throttle, 2.0, monkeypatch)
    assert is_due_at(throttle, 2.02, monkeypatch)


def test_something_dear_takes_no_more_than_its_share(monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    throttle = Throttle(1.0, share=0.05, first=0)
    take_turn(throttle, 0.0, 0.25, monkeypatch)
    assert not is_due_at(throttle, 5.2, monkeypatch)
    assert is_due_at(throttle, 5.25, monkeypatch)


def test_the_turn_that_compiles_does_not_count(monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    throttle = Throttle(1.0, share=0.05, first=0, untimed=1)
    take_turn(throttle, 0.0, 2.0, monkeypatch)
    assert is_due_at(throttle, 3.0, monkeypatch)
    take_turn(throttle, 3.0, 2.0, monkeypatch)
    assert not is_due_at(throttle, 44.0, monkeypatch)
