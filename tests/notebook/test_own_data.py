"""A text or a series of one's own, from what a notebook has it in."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rnnlab
from rnnlab.data import load_dataset
from rnnlab.errors import LabError
from rnnlab.lab import Lab
from rnnlab.notebook.starting import plan

STORY = "the cat sat on the mat\n" * 20
VALUES = [0.1, -2.5, 1e-7, 3.0, 123456.789, 2 / 3] * 10
TINY = {"units": 2, "epochs": 1, "num_steps": 5, "batch_size": 2}


def values_of(own, **settings):
    """The series as the trainer gets it, in the units of the data."""
    planned = plan(own, settings)
    dataset = load_dataset(planned.experiment.data, 0, upload_text=planned.text)
    return dataset.scale.undo(np.concatenate([dataset.train, dataset.valid, dataset.test]))


@pytest.mark.parametrize("make", [str, Path], ids=["str", "Path"])
def test_a_text_comes_from_a_file(tmp_path, make):
    file = tmp_path / "story.txt"
    file.write_text(STORY)
    assert rnnlab.own_text(make(file)).text == STORY


@pytest.mark.parametrize(
    "source", [STORY, STORY.splitlines(), pd.Series(STORY.splitlines())], ids=["string", "list", "column"]
)
def test_a_text_comes_from_a_string_or_its_lines(source):
    assert rnnlab.own_text(source).text.split() == STORY.split()


def test_a_line_of_many_words_is_a_text_and_a_short_one_a_file():
    assert rnnlab.own_text("one two three " * 10).kind == "text"
    with pytest.raises(LabError, match=r"There is no file 'stroy.txt'"):
        rnnlab.own_text("stroy.txt")


@pytest.mark.parametrize(
    "source",
    [VALUES, tuple(VALUES), np.array(VALUES), pd.Series(VALUES, name="rain"), pd.DataFrame({"rain": VALUES})],
    ids=["list", "tuple", "array", "Series", "DataFrame"],
)
def test_numbers_arrive_as_they_are(source):
    # float32 in units of the standard deviation, which the largest value decides
    assert np.allclose(values_of(rnnlab.own_series(source)), VALUES, rtol=0, atol=1e-6 * max(VALUES))


def test_whole_numbers_and_gaps_are_a_series_too():
    whole = list(range(20)) + list(range(20, 0, -1))
    assert np.allclose(values_of(rnnlab.own_series(np.array(whole))), whole, atol=1e-5)
    gap = [float(value) for value in whole]
    gap[5] = float("nan")
    assert np.allclose(values_of(rnnlab.own_series(gap)), whole, atol=1e-5)  # a straight line


def test_the_column_is_chosen_by_name():
    table = pd.DataFrame(
        {"day": pd.date_range("2024-01-01", periods=40), "sun": np.arange(40.0), "rain, mm": VALUES[:40]}
    )
    own = rnnlab.own_series(table, column="rain, mm")
    assert np.allclose(values_of(own), VALUES[:40], atol=1e-6 * max(VALUES))
    assert np.allclose(values_of(rnnlab.own_series(table, column="sun")), np.arange(40), atol=1e-5)
    with pytest.raises(LabError, match="snow"):
        values_of(rnnlab.own_series(table, column="snow"))


def test_a_table_in_a_file_or_a_string_is_read_as_the_app_reads_it(tmp_path):
    text = "Datum;Regen\n" + "".join(f"{i};{i * 0.5:.1f}\n".replace(".", ",") for i in range(40))
    file = tmp_path / "regen.csv"
    file.write_text(text)
    for source in (file, str(file), text):
        assert np.allclose(values_of(rnnlab.own_series(source, column="Regen")), np.arange(40) * 0.5, atol=1e-5)


@pytest.mark.parametrize("source", [np.zeros((3, 2)), ["a", "b"], [[1, 2], [3, 4]]], ids=["matrix", "words", "rows"])
def test_what_is_no_row_of_numbers_is_refused(source):
    with pytest.raises(LabError, match=r"must be one row of numbers \(N,\)"):
        rnnlab.own_series(source)


def test_a_table_is_no_text():
    with pytest.raises(LabError, match="name its column"):
        rnnlab.own_text(pd.DataFrame({"line": ["a"]}))
    with pytest.raises(LabError, match="each line must be a string"):
        rnnlab.own_text([1, 2])


def test_it_shows_itself_in_a_line():
    assert repr(rnnlab.own_text(STORY)) == "<text of your own: 460 characters in 21 lines>"


def test_own_data_are_trained_saved_and_opened(monkeypatch, tmp_path):
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path))
    text = rnnlab.fit(rnnlab.own_text(STORY), progress=False, num_layers=1, tokens="characters", **TINY)
    assert set(text.dataset.vocabulary) == {*"the cat sat on the mat", "<eos>"}
    assert isinstance(text.generate(10, prime="the "), str)
    assert text.generate(10, prime="the ").startswith("the ")
    series = rnnlab.fit(rnnlab.own_series(VALUES), progress=False, **TINY)
    assert series.preset == "own-series"
    for run in (text, series):
        opened = rnnlab.open_run(run.save())
        assert np.array_equal(opened.dataset.train, run.dataset.train)
        assert Lab.open().files.kept_text(run.experiment.data.own_text) == run.own_text


def test_data_given_twice_are_refused():
    own = rnnlab.own_text(STORY)
    with pytest.raises(LabError, match="given twice"):
        rnnlab.fit(own, file=own, progress=False)
