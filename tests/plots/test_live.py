import json

import numpy as np
import pandas as pd
import pytest

from rnnlab.plots.live import (
    LEGEND_ROW,
    MARGINS,
    MARK,
    MOST_ROWS,
    MOST_STOPS,
    STOPS,
    line_spec,
    thinned,
    wide_table,
    with_marks,
    with_stops,
)


def test_curves_of_different_lengths_share_one_axis():
    curves = {
        "train": (np.array([0, 10, 20]), np.array([3.0, 2.0, 1.0])),
        "validation": (np.array([10]), np.array([5.0])),
    }
    table = wide_table(curves, "step")
    assert table["step"].tolist() == [0, 10, 20]
    assert table["train"].tolist() == [3, 2, 1]
    np.testing.assert_array_equal(table["validation"], [np.nan, 5, np.nan])


def test_curve_without_points_is_a_column_of_nothing():
    none = (np.array([], "int64"), np.array([]))
    table = wide_table({"train": (np.array([4]), np.array([1.0])), "validation": none}, "step")
    assert np.isnan(table["validation"]).all()
    assert list(wide_table({"train": none}, "step")) == ["step", "train"]


@pytest.mark.parametrize("count", [1, MOST_ROWS - 1, MOST_ROWS, MOST_ROWS + 1, 10 * MOST_ROWS + 3])
def test_thinning_keeps_the_ends_and_the_limit(count):
    kept = thinned(np.arange(count), MOST_ROWS)
    assert (kept[0], kept[-1]) == (0, count - 1)
    assert len(kept) <= MOST_ROWS + 1


def test_long_curves_keep_their_own_values():
    steps = np.arange(5000)
    table = wide_table({"train": (steps, steps * 2.0)}, "step")
    assert len(table["step"]) <= MOST_ROWS + 1
    assert (table["train"] == 2 * table["step"]).all()


def test_description_has_no_points_in_it():
    """Streamlit keeps the chart's place on the page only while its description stays the same: points come apart."""
    spec = line_spec(["train"], "step", "Loss", legend_title="recorded run: x")
    assert not {"data", "datasets"} & spec.keys()
    assert '"values"' not in json.dumps(spec)


def test_logarithm_leaves_out_what_has_none():
    filters = [
        step for step in line_spec(["train"], "step", "Loss", log_y=True)["layer"][0]["transform"] if "filter" in step
    ]
    assert filters == [{"filter": "isValid(datum.value) && datum.value > 0"}]


def test_each_curve_has_its_colour():
    color = line_spec(["train", "validation"], "step", "Loss")["layer"][0]["encoding"]["color"]["scale"]
    assert color["domain"] == ["train", "validation"]
    assert len(set(color["range"])) == 2


REFERENCE = ["recorded train", "recorded validation"]


def encoding(series, **options):
    return line_spec(series, "step", "Loss", **options)["layer"][0]["encoding"]


def test_recorded_curves_have_the_live_ones_colours_but_faint_and_broad():
    found = encoding([*REFERENCE, "train", "validation"])
    recorded, live = found["color"]["scale"]["range"][:2], found["color"]["scale"]["range"][2:]
    assert [color[:7] for color in recorded] == live
    assert all(int(color[7:], 16) < 0x80 for color in recorded)
    widths = found["strokeWidth"]["scale"]
    assert min(widths["range"][:2]) > max(widths["range"][2:])
    # Otherwise Vega-Lite would read the widths of names as positions, and draw all lines as wide as the first.
    assert widths["type"] == "ordinal"


def test_recorded_curves_are_behind_the_live_ones():
    """Vega draws lines in the order in which their names first come in the rows."""
    series = [*REFERENCE, "train"]
    assert line_spec(series, "step", "Loss")["layer"][0]["transform"][0]["fold"] == series


def test_the_pointer_reads_recorded_curves_too():
    rule = line_spec([*REFERENCE, "train"], "step", "Loss")["layer"][-1]
    assert [row["field"] for row in rule["encoding"]["tooltip"]] == ["step", *REFERENCE, "train"]


def test_a_legend_with_recorded_curves_says_of_what_and_fits_a_phone():
    legend = encoding([*REFERENCE, "train", "validation"], legend_title="recorded run: x")["color"]["legend"]
    assert (legend["title"], legend["columns"]) == ("recorded run: x", 2)
    assert "columns" not in encoding(["train", "validation"])["color"]["legend"]


@pytest.mark.parametrize("live", [0, 1, 3 * MOST_ROWS])
def test_recorded_curves_keep_all_their_points_however_many_live_ones_there_are(live):
    recorded = (np.array([0, 3, 7000]), np.array([9.0, 8.0, 7.0]))
    steps = np.arange(live)
    table = pd.DataFrame(wide_table({"recorded train": recorded, "train": (steps, steps * 2.0)}, "step"))
    assert len(table) <= MOST_ROWS + 1 + 3
    found = table.dropna(subset="recorded train")
    assert (found["step"].tolist(), found["recorded train"].tolist()) == ([0, 3, 7000], [9.0, 8.0, 7.0])
    shown = table.dropna(subset="train")
    assert (shown["train"] == 2 * shown["step"]).all()
    assert live == 0 or shown["step"].iloc[-1] == live - 1


def test_the_pointer_stops_at_every_row_of_a_short_table():
    table = with_stops({"step": np.arange(MOST_STOPS), "train": np.arange(MOST_STOPS, dtype="float64")})
    assert table[STOPS].all()


@pytest.mark.parametrize("rows", [MOST_STOPS + 1, 1001])
def test_the_pointer_stops_at_few_rows_of_a_long_table_and_wherever_a_sparse_curve_was_measured(rows):
    steps, sparse = np.arange(rows), np.full(rows, np.nan)
    sparse[[3, 97]] = 1.0
    found = with_stops({"step": steps, "train": steps * 2.0, "validation": sparse})
    stops = np.flatnonzero(found[STOPS])
    assert {3, 97, rows - 1} <= set(stops)
    assert MOST_STOPS / 2 <= len(stops) <= MOST_STOPS + 3
    assert np.diff(stops).max() <= -(-rows // MOST_STOPS)
    assert list(found) == ["step", "train", "validation", STOPS]


def test_a_table_without_rows_has_no_stops():
    assert with_stops({"step": np.array([], "int64"), "train": np.array([])})[STOPS].tolist() == []


def test_what_is_the_same_for_all_curves_is_not_looked_up_at_each_point():
    assert not {"strokeWidth", "strokeDash"} & set(encoding(["train", "validation"]))
    assert "strokeDash" in encoding(["gradient norm", "clip norm"])


@pytest.mark.parametrize(
    ("series", "title", "more_rows"),
    [
        (["train", "validation", "floor"], None, 0),
        ([*REFERENCE, "train", "validation"], "recorded run: x", 2),
        ([*REFERENCE, "train", "validation", "floor"], "recorded run: x", 3),
    ],
)
def test_each_row_of_the_legend_has_room_above_the_curves(series, title, more_rows):
    room = line_spec(series, "step", "Loss", legend_title=title)["padding"]["top"]
    assert room == MARGINS["top"] + more_rows * LEGEND_ROW


@pytest.mark.parametrize(("place", "row"), [(0, 0), (14, 1), (16, 2), (10**6, 2)])
def test_a_mark_stands_at_the_row_closest_to_its_place(place, row):
    table = with_marks({"step": np.array([0, 10, 20])}, "step", [(place, "best")])
    assert [index for index, word in enumerate(table[MARK]) if word] == [row]
    assert table[MARK][row] == "best"


def test_without_a_mark_or_a_row_nothing_is_marked():
    assert list(with_marks({"step": np.array([0, 10])}, "step", [])[MARK]) == ["", ""]
    assert len(with_marks({"step": np.array([], "int64")}, "step", [(3, "best")])[MARK]) == 0


def test_several_places_are_marked_and_of_two_at_one_row_the_first_counts():
    table = with_marks({"step": np.array([0, 10, 20])}, "step", [(9, "best"), (21, "rate 0.1"), (11, "rate 0.2")])
    assert list(table[MARK]) == ["", "best", "rate 0.1"]
