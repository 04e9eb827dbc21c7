"""Whatever stands in a CSV file: numbers that were there, or one sentence."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from rnnlab.config import SeriesData
from rnnlab.data.own_series import read_series
from rnnlab.errors import LabError
from tests.fuzz.budget import examples
from tests.fuzz.verdict import check_sentence

CELL = st.one_of(
    st.integers(-2000, 2000).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(str),
    st.floats(-100, 100).map(lambda value: f"{value:.2f}".replace(".", ",")),
    st.sampled_from(["", " ", "NA", "-", "inf", "nan", "1,234.5", "1.234,5", '"', '""', '"a', "x;y", "\x00", "\u2028"]),
    st.text(max_size=4),
)
FILE = st.tuples(
    st.lists(st.lists(CELL, min_size=1, max_size=3), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t", " ", "|"]),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
    st.sampled_from([1, 12]),
).map(lambda drawn: drawn[2].join(drawn[1].join(row) for row in drawn[0] * drawn[3]))


@examples("csv: a file")
@example("\u2028", "", "auto", "cut")
@example('"' * 500, "", "auto", "cut")
@example("a,b\n" + '1,"\n' * 40, "2", "auto", "interpolate")
@given(
    FILE | st.text(max_size=200),
    st.sampled_from(["", "1", "2", "x"]),
    st.sampled_from(["auto", "point", "comma"]),
    st.sampled_from(["cut", "interpolate"]),
)
def test_a_file_gives_numbers_or_a_sentence(text, column, decimal_mark, missing):
    data = SeriesData(column=column, decimal_mark=decimal_mark, missing=missing)
    try:
        read = read_series(data, text)
    except LabError as error:
        check_sentence(str(error))
    else:
        assert len(read.values) >= 30
        assert np.isfinite(read.values).all()
