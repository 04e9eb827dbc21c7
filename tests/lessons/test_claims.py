"""The claims of lessons that train in seconds, with one seed. The command `lessons --claims` takes ten, and all."""

import numpy as np
import pytest

from rnnlab.analyses.thinning import Curve
from rnnlab.cli import main
from rnnlab.lessons import claims
from rnnlab.lessons.claims import FittedResults, claim, claim_lines, trained
from rnnlab.lessons.nudge.lesson import _gone
from rnnlab.lessons.one_curve.lesson import _contradictions, _misleading_seed
from rnnlab.lessons.table import LESSONS
from rnnlab.lessons.temperature.lesson import repeated_share

QUICK = ("own-voice", "good-loss", "ptb-parts")
SEED = 0


@pytest.mark.parametrize("name", QUICK)
def test_the_claim_of_a_quick_lesson_holds(name):
    found = claim(LESSONS[name], SEED)
    assert found.holds, found.numbers
    assert found.seconds >= 0


@pytest.mark.parametrize("name", QUICK)
def test_the_result_is_drawn_told_and_one_of_the_answers(name):
    lesson = LESSONS[name]
    seen = lesson.see(FittedResults([trained(one) for one in lesson.experiments(seed=SEED)]))
    for ask in lesson.asks:
        assert seen.pictures[ask.step].lines
        assert "{" not in lesson.told(ask.step, seen.numbers)
        assert ask.words(ask.checked(seen.right[ask.step]))


def test_a_claim_that_fails_is_counted_as_failed(monkeypatch):
    lesson = LESSONS["ptb-parts"]
    found = claim(lesson, SEED)
    numbers = found.numbers
    assert lesson.holds(numbers)
    assert not lesson.holds(numbers | {"below": 0.01})
    assert not lesson.holds(numbers | {"carried": numbers["reset"]})
    failing = [claims.Claim(seed, seed > 0, numbers, 2.0 + seed, 1.0, found.seen) for seed in range(3)]
    monkeypatch.setattr(claims, "claim", lambda _, seed: failing[seed])
    lines = [*claim_lines(lesson, 3)]
    assert "seed 0: FAILS" in lines[1]
    assert "ptb-parts: 2 of 3 hold; one experiment takes 3.0 s, of which a processor works 1.0 s" in lines[-1]


def test_the_command_prints_a_claim_with_its_seeds_and_its_time(capsys):
    assert main(["lessons", "--claims", "--only", "ptb-parts", "--seeds", "1"]) == 0
    printed = capsys.readouterr().out
    assert "ptb-parts: 1 of 1 hold; one experiment takes" in printed


def test_the_command_lists_lessons_and_refuses_one_that_does_not_exist(capsys):
    assert main(["lessons"]) == 0
    listed = capsys.readouterr().out
    assert all(f"{name}: " in listed for name in LESSONS)
    assert main(["lessons", "--only", "own-vice"]) == 2
    assert "did you mean own-voice" in capsys.readouterr().err


def test_a_repeated_part_is_one_that_stood_in_the_text_before():
    assert repeated_share(["a", "b", "c", "d", "e", "f"]) == 0
    assert repeated_share(["a", "b", "c", "d", "a", "b", "c", "d"]) == pytest.approx(1 / 5)
    assert repeated_share(["a"] * 23) == pytest.approx(19 / 20)


def test_the_medians_are_contradicted_where_single_seeds_have_another_order():

    by_cell = np.array([[1.0, 2.0, 9.0], [2.0, 1.0, 10.0]])
    medians = np.median(by_cell, axis=1)
    assert medians.tolist() == [2.0, 2.0]
    by_cell[1, 2] = 8.0
    by_cell[1, 0] = 3.0
    medians = np.median(by_cell, axis=1)  # 2 and 3: seed 0 agrees, seeds 1 and 2 do not
    assert _contradictions(by_cell, medians, 0, 1) == 2


@pytest.mark.parametrize(
    ("by_cell", "seed"),
    [
        ([[1, 1, 1], [2, 2, 0.5], [3, 3, 3]], 2),  # In the last seed another cell wins.
        ([[1, 1, 1], [2, 3.5, 2], [3, 3, 3]], 1),  # The winner is always the same, but the others are not.
        ([[1, 1, 1], [2, 2, 2], [3, 3, 3]], 0),
    ],
)
def test_the_seed_that_is_drawn_misleads_if_there_is_one(by_cell, seed):
    by_cell = np.array(by_cell, float)
    assert _misleading_seed(by_cell, np.median(by_cell, axis=1)) == seed


def test_a_push_is_gone_where_less_than_a_hundredth_is_left():
    steps = np.arange(4)
    assert _gone(Curve(steps, np.array([2.0, 0.1, 0.019, 0.0]))) == 2
    assert _gone(Curve(steps, np.array([2.0, 1.0, 1.0, 1.0]))) == 3
