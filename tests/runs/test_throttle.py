from rnnlab.worker.throttle import Throttle


class Clock:
    """A clock that stands until it is set."""

    def __init__(self):
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def new_throttle(**options) -> tuple[Throttle, Clock]:
    clock = Clock()
    return Throttle(1.0, share=0.05, clock=clock, **options), clock


def is_due_at(seconds, throttle, clock):
    clock.now = seconds
    return throttle.is_due()


def take_turn(began, cost, throttle, clock):
    clock.now = began
    with throttle.turn():
        clock.now += cost


def test_something_cheap_is_due_regularly():
    timed = new_throttle()
    assert not is_due_at(0.9, *timed)
    assert is_due_at(1.0, *timed)
    take_turn(1.0, 0.01, *timed)
    assert not is_due_at(2.0, *timed)
    assert is_due_at(2.02, *timed)


def test_something_dear_takes_no_more_than_its_share():
    timed = new_throttle(first=0)
    take_turn(0.0, 0.25, *timed)
    assert not is_due_at(5.2, *timed)
    assert is_due_at(5.25, *timed)


def test_the_turn_that_compiles_does_not_count():
    timed = new_throttle(first=0, untimed=1)
    take_turn(0.0, 2.0, *timed)
    assert is_due_at(3.0, *timed)
    take_turn(3.0, 2.0, *timed)
    assert not is_due_at(44.0, *timed)
