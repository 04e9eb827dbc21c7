"""A spark line: a few values, evenly spread, however many were measured and in whatever portions they came."""

import numpy as np
import pytest

from rnnlab.store.curves import Curve
from rnnlab.store.spark import MOST_VALUES, Spark, spark_from_json


def curve(first, last):
    steps = np.arange(first, last)
    return Curve(steps, steps.astype(float))


@pytest.mark.parametrize("count", [1, 31, 32, 33, 64, 65, 1000])
@pytest.mark.parametrize("portion", [1, 7, 1000])
def test_the_values_are_evenly_spread_and_few(count, portion):
    spark = Spark()
    for first in range(0, count, portion):
        spark = spark.extended(curve(first, min(first + portion, count)))
    assert len(spark.values) <= MOST_VALUES
    assert spark.values[0] == 0
    assert set(np.diff(spark.values)) <= {spark.stride}
    assert count - spark.values[-1] <= spark.stride
    # No fewer than half of what there is room for.
    assert spark.stride == 1 or len(spark.values) > MOST_VALUES // 2


def test_what_is_not_newer_or_not_finite_counts_for_nothing():
    spark = Spark().extended(curve(0, 3)).extended(curve(1, 3))
    spark = spark.extended(Curve(np.array([3, 4, 5]), np.array([np.nan, np.inf, 5.0])))
    assert spark.values == (0, 1, 2, 5)


def test_a_spark_line_is_read_as_it_was_written():
    spark = Spark().extended(Curve(np.arange(100), np.linspace(3, 1e-7, 100)))
    assert spark_from_json(spark.to_json()) == spark
    assert spark_from_json(None) == Spark()


def test_a_value_has_four_digits():
    assert Spark().extended(Curve(np.array([0]), np.array([1.23456e-5]))).values == (1.235e-5,)
