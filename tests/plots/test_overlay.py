"""Curves over each other: colours, points, and what is behind a smoothed curve."""

import json

import numpy as np
import pandas as pd

from rnnlab.plots.overlay import MOST_POINTS, Overlaid, color_of, overlay_spec, overlay_table
from rnnlab.plots.palette import VARIANTS


def curve(name, color=0, count=3, smooth=None):
    values = np.arange(count, dtype=float)
    return Overlaid(name, color_of(color), values, values, smooth)


def part(table, name):
    return pd.DataFrame(table)[lambda rows: rows["part"] == name]


def test_each_curve_is_drawn_at_its_places():
    table = overlay_table([curve("a"), curve("b", 1, count=2)])
    drawn = part(table, "curve")
    assert drawn["run"].tolist() == ["a", "a", "a", "b", "b"]
    assert drawn["place"].tolist() == [0, 1, 2, 0, 1]
    assert part(table, "raw").empty


def test_behind_a_smoothed_curve_is_what_was_measured():
    table = overlay_table([curve("a", smooth=np.array([9.0, 8.0, 7.0]))])
    assert part(table, "raw")["value"].tolist() == [0, 1, 2]
    assert part(table, "curve")["value"].tolist() == [9, 8, 7]
    assert part(table, "stop")["value"].tolist() == [9, 8, 7]


def test_long_curves_are_thinned_and_keep_their_ends():
    table = overlay_table([curve(name, count=100_000) for name in "abcde"])
    drawn = part(table, "curve")
    assert len(drawn) <= MOST_POINTS + 5
    ends = drawn.groupby("run")["place"].agg(["min", "max"])
    assert (ends["min"] == 0).all()
    assert (ends["max"] == 99_999).all()


def test_no_curves_make_an_empty_table():
    assert {name: len(column) for name, column in overlay_table([]).items()} == dict.fromkeys(
        ("part", "run", "place", "value"), 0
    )


def test_a_curve_has_the_colour_of_its_run_whatever_else_is_drawn():
    def color(curves, name):
        scale = overlay_spec(curves, "Step", "Loss")["layer"][1]["encoding"]["color"]["scale"]
        return dict(zip(scale["domain"], scale["range"], strict=True))[name]

    both, alone = [curve("a", 0), curve("b", 4)], [curve("b", 4)]
    assert color(both, "b") == color(alone, "b") == VARIANTS[4]
    assert color_of(len(VARIANTS)) == VARIANTS[0]


def test_the_description_is_json_and_the_same_whatever_the_points_are():
    specs = [overlay_spec([curve("a", count=count)], "Step", "Loss", log_y=True) for count in (3, 50)]
    assert json.dumps(specs[0]) == json.dumps(specs[1])
    assert "datum.value > 0" in json.dumps(specs[0])
