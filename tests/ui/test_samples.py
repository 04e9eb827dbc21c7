"""What is drawn of a sample of a series of one's own."""

import numpy as np

from rnnlab.config import Experiment, SeriesData
from rnnlab.store.store import Sample
from rnnlab.ui.widgets.samples import sample_curves


def test_the_target_of_a_short_series_ends_before_the_generated_values():
    content = {"kind": "series", "prime": [10.0, 20.0], "values": [31.0, None, 50.0], "target": [10.0, 20.0, 30.0]}
    curves = sample_curves(Experiment(data=SeriesData()), Sample(7, content))
    np.testing.assert_array_equal(curves["target"], ([0, 1, 2], [10, 20, 30]))
    np.testing.assert_array_equal(curves["prime"], ([0, 1], [10, 20]))
    np.testing.assert_array_equal(curves["generated"], ([2, 3, 4], [31, np.nan, 50]))
