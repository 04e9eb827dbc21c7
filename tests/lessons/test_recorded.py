"""Results that were recorded: written and read as they were."""

import json

import pytest

from rnnlab.lessons import recorded
from rnnlab.lessons.recorded import RecordedResult, from_json, recorded_result, to_json
from rnnlab.lessons.results import Seen
from rnnlab.lessons.table import LESSONS
from rnnlab.plots.lesson_pictures import BARS, Line, Picture

PICTURE = Picture(
    "x",
    "y",
    ("a", "b"),
    (Line("found", (1.0, None), BARS), Line("true", (2.0,), is_truth=True, places=(3,))),
    (0.0, 2.0),
)
RESULT = RecordedResult(
    Seen(
        {"one": PICTURE, "two": Picture("x", "y", (1, 2))},
        {"error": 0.5},
        {"one": "a"},
        (("At 1", "a b"),),
        {"one": {"Over time": PICTURE, "Once more": PICTURE}},
    ),
    "2026-01-02",
)


def test_a_result_is_read_as_it_was_written():
    assert from_json(to_json(RESULT)) == RESULT
    json.loads(to_json(RESULT), parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def test_a_lesson_without_a_file_has_no_recorded_result():
    assert recorded_result("no-such-lesson") is None


def test_a_file_is_written_beside_the_package_and_found_there(tmp_path, monkeypatch):
    monkeypatch.setattr(recorded.resources, "files", lambda _: tmp_path)
    recorded.write("some-lesson", RESULT)
    assert recorded_result("some-lesson") == RESULT


@pytest.mark.parametrize("name", LESSONS)
def test_what_is_recorded_of_a_lesson_answers_its_questions_and_holds(name):
    lesson, found = LESSONS[name], recorded_result(name)
    assert found, f"python -m rnnlab lessons --record --only {name}"
    assert lesson.holds(found.seen.numbers)
    assert {*found.seen.pictures} == {*found.seen.right} == {ask.step for ask in lesson.asks}
    for ask in lesson.asks:
        assert "{" not in lesson.told(ask.step, found.seen.numbers)
