"""A series from a CSV file: how it is cut, how its numbers are read, its gaps, its scale, and what is refused."""

import pickle
import time

import numpy as np
import pytest

from rnnlab.config import SeriesData
from rnnlab.data import TextMissing, column_names, load_dataset
from rnnlab.data.own_series import MAX_VALUES, Scale, read_series, scale_of, split
from rnnlab.data.own_text import MAX_CHARACTERS

VALUES = np.round(20 + 5 * np.sin(np.arange(60)) + 0.125, 3)
"""Sixty numbers with three decimals."""


def written(values=VALUES, separator=",", mark=".", header=True, newline="\n", dates=True):
    """A file with a date and a value in each row, as a spreadsheet saves it."""
    rows = [["date", "value"]] if header else []
    rows += [
        [f"2024-{1 + i // 28:02}-{1 + i % 28:02}", f"{value:.3f}".replace(".", mark)] for i, value in enumerate(values)
    ]
    return newline.join(separator.join(row if dates else row[1:]) for row in rows) + newline


def values_of(text, **settings):
    return read_series(SeriesData(**settings), text).values


def complaint(text, **settings):
    with pytest.raises(ValueError, match=r"\.$") as caught:
        read_series(SeriesData(**settings), text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- separators, decimal marks, headers -------------------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize(("separator", "mark"), [(",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ",")])
def test_every_layout_gives_the_same_numbers(separator, mark, header, newline):
    np.testing.assert_array_equal(values_of(written(VALUES, separator, mark, header, newline)), VALUES)


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("mark", [".", ","])
def test_one_column_needs_no_separator(mark, header):
    np.testing.assert_array_equal(values_of(written(VALUES, "", mark, header, dates=False)), VALUES)


def test_a_decimal_comma_in_quotes_between_commas():
    rows = [f'{i},"{value:.3f}"'.replace(".", ",") for i, value in enumerate([0.5, *VALUES])]
    read = read_series(SeriesData(), "row,value\n" + "\n".join(rows))
    np.testing.assert_array_equal(read.values[1:], VALUES)
    assert read.understood == (
        "The file was read as 2 columns, separated by commas, with a header. The series is 'value'. Decimals are "
        "written with a comma."
    )


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        (["1.234,5", "0,5"], 1234.5),
        (["1,234.5", "0.5"], 1234.5),
        (["1.234.567", "8.000"], 1_234_567),
        (["1,234,567", "8,000"], 1_234_567),
        (["1 234,5", "1,5"], 1234.5),
        (["1\u202f234,5", "1,5"], 1234.5),
        (["1'234.5", "1.5"], 1234.5),
        (["1,234", "12.5"], 1234),
        (["1.234", "12,5"], 1234),
        (["\u22121,5", "2,5"], -1.5),
        (["1e6", "2,5"], 1e6),
        (["+.5", "2.25"], 0.5),
        (["1.5E-3", "7"], 1.5e-3),
    ],
)
def test_marks_that_group_thousands_are_told_from_decimal_marks(cells, value):
    text = "name;x\n" + "".join(f"a;{cell}\n" for cell in cells * 20)
    assert values_of(text, column="x")[0] == value


@pytest.mark.parametrize(("cell", "read", "other"), [("1,234", 1.234, "point"), ("1.234", 1.234, "comma")])
def test_what_could_be_read_in_two_ways_is_said_and_can_be_set(cell, read, other):
    text = "name;x\n" + "".join(f"a;{one}\n" for one in [cell, cell.replace("1", "7")] * 20)
    found = read_series(SeriesData(), text)
    assert found.values[0] == read
    assert f"So {cell} was taken for 1.234; if its" in found.understood
    assert f"set the decimal mark to {other}." in found.understood
    assert values_of(text, decimal_mark=other)[0] == 1234


def test_a_comma_between_two_numbers_is_a_decimal_mark_unless_rows_are_counted():
    assert values_of("12,5\n13,7\n" * 20)[0] == 12.5
    counted = "".join(f"{i},{50 - i % 7}\n" for i in range(40))
    np.testing.assert_array_equal(values_of(counted), 50 - np.arange(40) % 7)
    # Set by hand, the same file is two columns.
    np.testing.assert_array_equal(values_of("12,5\n13,7\n" * 20, decimal_mark="point", column="2")[:2], [5, 7])
    np.testing.assert_array_equal(values_of("a,b\n" + "12,5\n13,7\n" * 20, column="b")[:2], [5, 7])
    np.testing.assert_array_equal(values_of("12,5.5\n13,7.5\n" * 20, column="2")[:2], [5.5, 7.5])


def test_a_byte_order_mark_blank_lines_and_blanks_around_cells_do_not_matter():
    rows = "\n\n".join(f" {i} , {value} " for i, value in enumerate(VALUES))
    np.testing.assert_array_equal(values_of(f"\n\n row , value \n{rows}\n\n\n"), VALUES)


# --- columns ----------------------------------------------------------------------------------------------------------

WIDE = "month,year,rain,sun,note\n" + "".join(f"m{i},{1950 + i},{i % 5}.5,{i % 7},x\n" for i in range(60))


def test_the_first_column_that_does_not_count_the_rows_is_taken():
    assert read_series(SeriesData(), WIDE).column == "rain"
    assert column_names(WIDE) == ["year", "rain", "sun"]
    line = "".join(f"{i}\n" for i in range(40))
    np.testing.assert_array_equal(values_of(line), np.arange(40))


@pytest.mark.parametrize("column", ["sun", "SUN", " sun ", "4"])
def test_a_column_is_picked_by_name_or_number(column):
    np.testing.assert_array_equal(values_of(WIDE, column=column), np.arange(60) % 7)


def test_columns_without_a_header_have_numbers():
    assert read_series(SeriesData(), written(header=False)).column == "column 2"


# --- gaps -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", ["", "NA", "nan", "n/a", "-", "?", "NULL", "  "])
def test_missing_values_are_interpolated_or_cut_and_said(gap):
    cells = [f"{i % 9}.0" for i in range(60)]
    cells[0] = cells[10] = cells[11] = cells[59] = gap
    text = "t,x\n" + "".join(f"t{i},{cell}\n" for i, cell in enumerate(cells))
    expected = np.arange(60.0) % 9
    # Between 0 at row 9 and 3 at row 12 lie 1 and 2.
    expected[10:12] = 1, 2
    filled = read_series(SeriesData(), text)
    np.testing.assert_allclose(filled.values, expected[1:59])
    assert "2 values of 60 were missing. Straight lines between the neighbours fill the gaps." in filled.understood
    assert "2 rows without a value at the ends were cut." in filled.understood
    without = read_series(SeriesData(missing="cut"), text)
    np.testing.assert_array_equal(without.values, np.delete(expected, [0, 10, 11, 59]))
    assert "Rows without a value were cut out." in without.understood


def test_a_blank_line_is_a_gap_in_a_file_of_one_column():
    text = "".join(f"{i}\n" for i in range(20)) + "\n" + "".join(f"{i}\n" for i in range(21, 40))
    np.testing.assert_array_equal(values_of(text), np.arange(40))


def test_a_file_without_gaps_speaks_of_none():
    assert "missing" not in read_series(SeriesData(), written()).understood


# --- what is refused --------------------------------------------------------------------------------------------------


def test_text_in_a_number_column_names_its_line():
    text = written().replace(f"{VALUES[4]:.3f}", "broken <b>", 1)
    assert complaint(text) == (
        "Line 6 has 'broken <b>' in 'value', which is not a number; correct it, or leave the cell empty if the value "
        "is missing."
    )
    assert complaint(text.partition("\n")[2]).startswith("Line 5 has 'broken <b>' in 'column 2'")
    assert "which is not a number with a decimal point" in complaint("x\n" + "1.5\n" * 30 + "2,5\n" + "3.5\n" * 9)
    assert complaint("x\n" + "1.5\n" * 30 + "inf\n").startswith("Line 32 has 'inf'")


@pytest.mark.parametrize(
    ("text", "settings", "sentence"),
    [
        ("", {}, "The file is empty"),
        (" \n\t\n", {}, "The file is empty"),
        ("t,x\n" + "a,5\n" * 40, {}, "The column 'x' is constant: all 40 values are 5, so there is nothing to learn"),
        ("0.1\n" * 20 + "0.10000000000000001\n" * 20, {}, "is constant"),
        ("1\n2\n3\n", {}, "The column 'column 1' has only 3 numbers, but needs at least 30; choose a longer series."),
        ("once upon a time\nthere was a cat\n" * 20, {}, "The file has no column of numbers, only 'once upon a time'"),
        (WIDE, {"column": "snow"}, "There is no column 'snow'; the file has 'month', 'year', 'rain', 'sun', 'note'."),
        (WIDE, {"column": "6"}, "or a number from 1 to 5."),
        (WIDE, {"column": "note"}, "Line 2 has 'x' in 'note', which is not a number"),
        (written() + "a,b,c\n", {}, "Line 62 has 'b' in 'value', which is not a number"),
        (
            written(np.resize(VALUES, 400)) + "a,1,2\n",
            {},
            "Line 402 has 3 cells, but the lines before it have at most 2",
        ),
        ("1e200\n2e200\n" * 20, {}, "has values of size 2e+200, and at most 1e+100 is allowed"),
    ],
)
def test_what_cannot_be_learned_gets_a_sentence(text, settings, sentence):
    assert sentence in complaint(text, **settings)


def test_a_long_file_is_refused_before_it_is_read():
    assert complaint("1" * (MAX_CHARACTERS + 1)).startswith(
        "The file has 20,000,001 characters, and at most 20,000,000"
    )
    assert "has 1,000,001 numbers, and at most 1,000,000 are allowed" in complaint("1\n2\n" * (MAX_VALUES // 2) + "3\n")


def test_a_million_rows_are_read_within_seconds():
    expected = np.round(np.sin(np.arange(1_000_000) / 50), 4)
    text = "row,value\n" + "\n".join(f"{i},{value}" for i, value in enumerate(expected))
    began = time.perf_counter()
    dataset = load_dataset(SeriesData(), 0, upload_text=text)
    seconds = time.perf_counter() - began
    assert len(dataset.train) + len(dataset.valid) + len(dataset.test) == 1_000_000
    np.testing.assert_allclose(dataset.scale.undo(dataset.train), expected[:800_000], atol=1e-6)
    assert seconds < 20  # Two on a quiet machine.


# --- parts and scale --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [30, 31, 1000])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.8, 0.95])
def test_the_parts_follow_each_other_in_time(count, share):
    parts = split(np.arange(count), share)
    np.testing.assert_array_equal(np.concatenate(parts), np.arange(count))
    assert min(map(len, parts)) >= 3
    assert abs(len(parts[1]) - len(parts[2])) <= 1
    assert count < 100 or len(parts[0]) == round(share * count)


def test_the_scale_is_that_of_the_training_part_alone():
    dataset = load_dataset(SeriesData(train_share=0.5), 0, upload_text=written(VALUES))
    assert dataset.train.dtype == np.float32
    assert dataset.train.mean() == pytest.approx(0, abs=1e-6)
    assert dataset.train.std() == pytest.approx(1, abs=1e-6)
    assert dataset.scale == pytest.approx((VALUES[:30].mean(), VALUES[:30].std()))
    np.testing.assert_allclose(dataset.scale.undo(dataset.test), VALUES[45:], rtol=1e-6)


@pytest.mark.parametrize(("mean", "std"), [(0, 1), (5, 1e-6), (0, 1e6), (-3e6, 1e6), (1e9, 2.5)])
def test_scaling_and_its_inverse_are_a_round_trip(mean, std):
    values = mean + std * np.random.default_rng(0).standard_normal(1000)
    scale = scale_of(values)
    scaled = scale.apply(values)
    assert scaled.dtype == np.float32
    assert np.abs(scaled).max() < 6
    np.testing.assert_allclose(scale.undo(scaled), values, rtol=0, atol=1e-6 * std)


def test_a_wave_is_not_scaled():
    values = np.array([-1.0, 0.5], "float32")
    np.testing.assert_array_equal(Scale().apply(values), values)
    np.testing.assert_array_equal(Scale().undo(values), values)


def test_a_training_part_that_is_constant_is_refused():
    with pytest.raises(ValueError, match=r"All 40 values of the training part are 7, so there is nothing to learn"):
        load_dataset(SeriesData(), 0, upload_text="7\n" * 40 + "1\n2\n" * 5)


def test_without_its_file_a_series_is_missing():
    with pytest.raises(TextMissing, match=r"The file of your own \(series\) that these settings name is not kept here"):
        load_dataset(SeriesData(series="0" * 64), 0)


def test_what_is_missing_is_still_named_when_the_error_has_left_a_worker():
    error = pickle.loads(pickle.dumps(TextMissing("series", "name its file")))
    assert str(error) == "The file of your own (series) that these settings name is not kept here; name its file."
