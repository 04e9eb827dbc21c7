"""The table of a sitting: medians, ratios within rounds, shares of the limit, and libraries that are missing."""

import pytest

from benchmarks.alternation import Case, squares
from benchmarks.contestants import PYTORCH, RNN_LAB, Contestant
from benchmarks.table import median_ratio, print_table
from benchmarks.work import Work, first_weights

ABSENT = Contestant("absent", "Absent peer", "nowhere", package="no_package_has_this_name")
WORK = Work("train", 3, num_steps=10)
FLOPS = 3060
"""Of WORK: 4 * 3 * (1 + 3) + 3 weights, times 2, 10 steps and 3 products."""


@pytest.fixture
def rows(capsys) -> dict[str, list[str]]:
    """The printed rows by their second cell, from known seconds; the machine is half as fast in the second round."""
    product, other = squares(10)  # 2,000 operations.
    times = {
        ("case", RNN_LAB.label): [1.0, 2.0, 1.0],
        ("case", PYTORCH.label): [2.0, 8.0, 3.0],
        (product.label, "float32"): [0.5, 1.0, 0.5],
        (other.label, "bfloat16"): [0.25, 0.5, 0.25],
    }
    print_table("Title", "words", [Case("case", WORK, 7, (RNN_LAB, PYTORCH, ABSENT))], squares(10), times)
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    assert {len(row) for row in cells} == {8}
    return {row[1]: row for row in cells}


def test_rates_are_medians_and_ratios_are_taken_within_a_round(rows):
    assert rows[RNN_LAB.label][2:5] == ["7", "1,000", "1.00 (1.00 to 1.00)"]
    assert rows[PYTORCH.label][2:5] == ["2", "3,000", "3.00 (2.00 to 4.00)"]


def test_shares_do_not_depend_on_how_fast_the_machine_is_in_a_round(rows):
    # RNN Lab: 3,060 operations in the time of 4,000 in float32 and 8,000 in bfloat16.
    assert rows[RNN_LAB.label][6:] == ["76.5 %", "38.2 %"]
    assert rows["bfloat16"][6:] == ["200 %", "100 %"]


def test_a_peer_that_is_not_installed_has_a_row_that_says_so(rows):
    assert not ABSENT.is_installed
    assert rows[ABSENT.label][2] == "not installed: no_package_has_this_name"


def test_the_ratio_is_the_median_of_the_rounds_ratios():
    assert median_ratio([2.0, 30.0, 4.0], [1.0, 10.0, 1.0]) == 3.0


def test_flops_count_each_multiplied_weight():
    assert WORK.flops == FLOPS
    text = Work("train", 200, 2, 20, 20, vocabulary=10_000)
    multiplied = sum(w.size for name, w in first_weights(text).items() if "bias" not in name and "embed" not in name)
    assert text.flops == 6 * multiplied * 20 * 20
    assert Work("generate", 200, 2, 1000, 20, vocabulary=10_000).flops == 2 * multiplied * 20
