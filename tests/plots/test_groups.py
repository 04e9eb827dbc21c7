"""Figures of groups: what counts for a median, and where it is drawn."""

import json

import numpy as np
import pandas as pd
import pytest

from rnnlab.plots.groups import (
    MOST_POINTS,
    Line,
    band_words,
    colors,
    finals_spec,
    finals_table,
    group_spec,
    group_table,
    small_charts,
    spread,
)
from rnnlab.plots.palette import VARIANTS


def curve(steps, values):
    return np.array(steps, "int64"), np.array(values, "float64")


def shown(lines, variants=("",), seeds=3):
    return pd.DataFrame(group_table(lines, list(variants), seeds))


def part(table, name):
    return table[table["part"] == name]


def test_the_median_and_the_band_of_three_curves():
    middle = spread([curve([0, 5], [3, 9]), curve([0, 5], [1, 7]), curve([0, 5], [2, 20])])
    assert middle.steps.tolist() == [0, 5]
    assert middle.median.tolist() == [2, 9]
    assert (middle.low.tolist(), middle.high.tolist()) == ([1, 7], [3, 20])


def test_quartiles_leave_out_the_ends():
    values = [10.0, 1.0, 2.0, 3.0, -10.0]
    middle = spread([curve([4], [value]) for value in values], quartiles=True)
    assert (middle.low.tolist(), middle.median.tolist(), middle.high.tolist()) == ([1], [2], [3])


def test_a_step_that_not_all_have_reached_has_no_median():
    """Whoever is ahead, or was measured elsewhere, is not averaged with the others."""
    ahead, behind = curve([0, 10, 20, 30], [4, 3, 2, 1]), curve([0, 10, 15], [8, 7, 6])
    middle = spread([ahead, behind])
    assert middle.steps.tolist() == [0, 10]
    assert middle.median.tolist() == [6, 5]


def test_a_run_that_waits_keeps_the_median_away():
    trained = [Line(0, seed, curve([0, 10], [seed, seed])) for seed in (1, 2)]
    waiting = Line(0, 3, curve([], []))
    assert len(part(shown([*trained, waiting]), "median")) == 0
    assert len(part(shown(trained, seeds=2), "median")) == 2


def test_a_failed_run_is_drawn_and_does_not_count():
    lines = [Line(0, 1, curve([0, 10], [1, 1])), Line(0, 2, curve([0], [9]), counts=False)]
    table = shown(lines, seeds=2)
    assert part(table, "run")["run"].tolist() == ["seed 1", "seed 1", "seed 2"]
    assert part(table, "median")["value"].tolist() == [1, 1]


def test_the_median_of_one_variant_does_not_wait_for_another():
    lines = [Line(0, 1, curve([0, 10], [1, 2])), Line(1, 1, curve([], []))]
    table = shown(lines, ["LSTM", "GRU"], 1)
    assert part(table, "median")["variant"].tolist() == ["LSTM", "LSTM"]


def test_the_pointer_reads_median_range_and_number_of_seeds():
    lines = [Line(0, seed, curve([10], [seed])) for seed in (1, 2, 6)]
    (words,) = part(shown(lines, ["LSTM"]), "stop")["v0"]
    assert words == "2 (1 to 6, n = 3)"


@pytest.mark.parametrize("members", [1, 30])
def test_many_points_are_thinned_at_the_same_steps_of_all_runs(members):
    steps = np.arange(9_000)
    lines = [Line(0, seed, (steps, steps + seed)) for seed in range(members)]
    table = shown(lines, seeds=members)
    assert len(table) < 1.2 * MOST_POINTS
    of_runs = part(table, "run").groupby("run")["step"].agg(list)
    assert all(found == of_runs.iloc[0] for found in of_runs)
    assert of_runs.iloc[0][-1] == steps[-1]
    assert len(part(table, "median")) == len(of_runs.iloc[0])


def test_the_description_has_no_points_and_does_not_change_while_curves_grow():
    spec = json.dumps(group_spec(["LSTM", "GRU"], 3, "Loss", "#000000"))
    assert '"values"' not in spec
    assert '"data"' not in spec


def test_no_run_and_no_point_makes_a_table_all_the_same():
    columns = {"part", "step", "value", "low", "high", "variant", "run", "v0"}
    assert set(group_table([Line(0, 0, curve([], []))], [""], 1)) == columns


def test_each_variant_has_its_colour_whatever_has_begun():
    scale = group_spec(["a", "b", "c"], 3, "Loss", "#000000")["layer"][0]["encoding"]["color"]["scale"]
    assert scale == {"domain": ["a", "b", "c"], "range": list(VARIANTS[:3])}
    assert colors(["only"], "#123456") == ["#123456"]
    assert len(set(VARIANTS)) == len(VARIANTS) >= 12


def test_the_figure_says_what_the_band_is():
    assert band_words(3) == "median of 3 seeds; band: smallest to largest"
    assert band_words(10) == "median of 10 seeds; band: middle half"
    assert band_words(1) == ""
    several = group_spec(["a", "b"], 3, "Loss", "#000000")
    assert several["layer"][0]["encoding"]["color"]["legend"]["title"] == band_words(3)
    assert group_spec([""], 5, "Loss", "#000000")["title"]["text"] == band_words(5)


def test_a_long_legend_gets_rows_and_room():
    names = [f"forget bias {i}" for i in range(6)]
    spec = group_spec(names, 3, "Loss", "#000000")
    columns = spec["layer"][0]["encoding"]["color"]["legend"]["columns"]
    assert 1 <= columns < 6
    assert spec["padding"]["top"] > group_spec(["a", "b"], 3, "Loss", "#000000")["padding"]["top"]


def test_final_values_have_a_dot_for_each_run_a_median_for_each_variant_and_the_levels():
    finals = [(0, 5, 3.0), (0, 6, 1.0), (0, 7, 8.0), (1, 5, 2.0)]
    table = pd.DataFrame(finals_table(finals, ["LSTM", "GRU", "RNN"], {"chance": 0.125}))
    assert part(table, "run")[["variant", "seed", "value"]].values.tolist() == [
        ["LSTM", "5", 3.0],
        ["LSTM", "6", 1.0],
        ["LSTM", "7", 8.0],
        ["GRU", "5", 2.0],
    ]
    assert part(table, "median")[["variant", "value"]].values.tolist() == [["LSTM", 3.0], ["GRU", 2.0]]
    assert part(table, "level")[["variant", "value"]].values.tolist() == [["chance", 0.125]]


def test_final_values_stand_in_the_order_of_the_settings_and_seeds():
    encoding = finals_spec(["b", "a"], [9, 3], "Loss", "#000000")["layer"][0]["encoding"]
    assert encoding["x"]["scale"]["domain"] == ["b", "a"]
    assert encoding["xOffset"]["scale"]["domain"] == ["9", "3"]


def test_small_charts_share_their_axes_and_each_has_the_curves_of_one_variant():
    lines = [
        Line(0, 0, curve([0, 10], [4.0, 2.0])),
        Line(0, 1, curve([0, 10], [5.0, 3.0])),
        Line(1, 0, curve([0, 20], [9.0, -1.0])),
    ]
    variants = ["LSTM", "GRU"]
    table = group_table(lines, variants, 2)
    charts = small_charts(table, variants, 2, "Loss", log_y=True)
    assert len(charts) == 2
    for chart, words, runs, color in zip(charts, variants, (2, 1), colors(variants, "#000000"), strict=True):
        rows = pd.DataFrame(chart.table)
        curves = rows[rows["part"] == "run"]
        assert {*curves["variant"]} == {words}
        assert curves["run"].nunique() == runs
        corners = rows[rows["part"] == "corner"]
        # All values; and those above 0, for a logarithmic axis.
        assert [*zip(corners["step"], corners["value"], strict=True)] == [(0, -1), (20, 9), (0, 2)]
        assert json.loads(json.dumps(chart.spec))["layer"][0]["encoding"]["color"]["scale"]["range"] == [color]
        stops = rows[rows["part"] == "stop"]
        assert (stops["v0"] != "").all()
    assert {*part(pd.DataFrame(charts[0].table), "stop")["step"]} == {0, 10}


def test_small_charts_before_the_first_point_are_empty():
    lines = [Line(i, 0, curve([], [])) for i in range(2)]
    charts = small_charts(group_table(lines, ["a", "b"], 1), ["a", "b"], 1, "Loss")
    assert [len(chart.table["step"]) for chart in charts] == [0, 0]
