"""The text in which it is written what was moved while a run trained."""

import pytest

from rnnlab.config import InvalidSetting, TrainingConfig
from rnnlab.config.live_changes import Change, read_changes, value_at, with_change, write_changes
from rnnlab.training.schedule import learning_rate_at

TWO = "learning_rate@300=0.001;learning_rate@500=1e-05"


def test_what_is_written_is_read():
    changes = (Change("learning_rate", 300, 0.001), Change("learning_rate", 500, 1e-05))
    assert read_changes(TWO) == changes
    assert write_changes(changes) == TWO
    assert read_changes("") == ()


def test_a_change_holds_from_its_step_to_the_next_one():
    assert [value_at(TWO, "learning_rate", step) for step in (0, 299, 300, 499, 500, 10**9)] == [
        None,
        None,
        0.001,
        0.001,
        1e-05,
        1e-05,
    ]
    assert value_at(TWO, "feedback", 400) is None


def test_a_second_change_at_one_step_replaces_the_first():
    assert with_change(TWO, Change("learning_rate", 500, 0.5)) == "learning_rate@300=0.001;learning_rate@500=0.5"


def test_a_changed_rate_leaves_its_schedule():
    training = TrainingConfig(learning_rate=1.0, lr_decay=0.5, full_rate_epochs=1, changes="learning_rate@15=0.3")
    assert [learning_rate_at(training, step, 10) for step in (0, 9, 10, 14, 15, 20, 90)] == [1, 1, 0.5, 0.5] + [0.3] * 3


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ("often", "must be such as learning_rate@300"),
        ("units@3=8", "only learning_rate and feedback can be changed"),
        ("learning_rate@3=-1", "Learning rate .* must be a finite number above 0"),
        ("learning_rate@3=fast", "must be"),
        ("learning_rate@5=1;learning_rate@3=2", "must ascend"),
        ("feedback@3=0.5", "only in a run that begins with some"),
        ("learning_rate@3=1;", "must be such as"),
    ],
)
def test_what_cannot_be_read_gets_its_sentence(changes, sentence):
    with pytest.raises(InvalidSetting, match=sentence) as refused:
        TrainingConfig(changes=changes)
    assert refused.value.name == "changes"
