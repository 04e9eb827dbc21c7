"""The naive forecasts, against sums written out with NumPy."""

import numpy as np
import pytest

from rnnlab.config import MemoryData, SeriesData, SineData
from rnnlab.data import load_dataset
from rnnlab.data.forecast import Known, known_around, naive_forecasts

MONTHS = Known(history=np.array([1.0, 2, 3, 4, 5, 6]), future=np.array([10.0, 20, 30, 40]))


def test_same_as_before():
    (naive,) = naive_forecasts(MONTHS)
    assert naive.label == "same as before"
    np.testing.assert_array_equal(naive.one_step, [6, 10, 20, 30])
    np.testing.assert_array_equal(naive.alone, [6, 6, 6, 6])


def test_same_as_one_season_before():
    _, seasonal = naive_forecasts(MONTHS, season=3)
    assert seasonal.label == "same as one season before"
    np.testing.assert_array_equal(seasonal.one_step, [4, 5, 6, 10])
    np.testing.assert_array_equal(seasonal.alone, [4, 5, 6, 4])


@pytest.mark.parametrize(("season", "count"), [(0, 1), (1, 1), (2, 2), (6, 2), (7, 1)])
def test_a_season_needs_a_whole_one_in_the_history(season, count):
    assert len(naive_forecasts(MONTHS, season)) == count


def test_a_season_longer_than_the_horizon_is_copied_from_its_start():
    _, seasonal = naive_forecasts(MONTHS, season=6)
    np.testing.assert_array_equal(seasonal.one_step, [1, 2, 3, 4])
    np.testing.assert_array_equal(seasonal.alone, [1, 2, 3, 4])


def test_the_seasonal_forecast_of_a_periodic_series_has_no_error():
    values = np.tile([3.0, 1, 4, 1, 5], 20)
    known = Known(values[:80], values[80:])
    _, seasonal = naive_forecasts(known, season=5)
    np.testing.assert_array_equal(seasonal.alone, known.future)
    np.testing.assert_array_equal(seasonal.one_step, known.future)


def test_what_is_known_is_in_the_units_of_the_file():
    values = 1e6 * np.sin(np.arange(100))
    dataset = load_dataset(SeriesData(), 0, upload_text="\n".join(map(str, values)))
    known = known_around(dataset, 15)
    np.testing.assert_allclose(known.history, values[:80], atol=1)
    np.testing.assert_allclose(known.future, values[80:95], atol=1)
    assert len(known_around(dataset, 500).future) == 20


def test_other_data_have_no_forecast():
    with pytest.raises(ValueError, match="Delayed recall is no series of values"):
        known_around(load_dataset(MemoryData(sequences=30), 0), 5)
    assert len(known_around(load_dataset(SineData(samples=40), 0), 5).history) == 41
