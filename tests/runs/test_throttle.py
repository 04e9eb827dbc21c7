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


def test_a_turn_that_was_held_up_once_does_not_put_off_the_next_ones():
    timed = new_throttle(first=0)
    take_turn(0.0, 0.1, *timed)
    take_turn(2.0, 8.0, *timed)
    assert not is_due_at(11.9, *timed)
    assert is_due_at(12.0, *timed)
    take_turn(12.0, 8.0, *timed)  # Twice is what it costs.
    assert not is_due_at(179.0, *timed)
    take_turn(180.0, 0.1, *timed)
    assert is_due_at(182.1, *timed)
