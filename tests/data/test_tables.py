import numpy as np
import pytest

from rnnlab.data import Dataset, tables


@pytest.fixture
def dataset():
    def ids(*numbers):
        return np.array(numbers, np.int32)

    # Of the vocabulary "d" never occurs in the training part.
    return Dataset(ids(0, 0, 0, 1, 2, 2), ids(3, 2), ids(0, 1, 2), ("a", "<unk>", "c", "d"), "Tiny")


def test_token_counts(dataset):
    assert tables.token_counts(dataset) == {"train": 6, "valid": 2, "test": 3}


def test_frequencies_follow_the_vocabulary(dataset):
    assert tables.frequencies(dataset).tolist() == [3, 1, 2, 0]
    assert tables.frequencies(dataset, "valid").tolist() == [0, 0, 1, 1]


def test_frequent_words(dataset):
    assert tables.frequent_words(dataset, 2) == [("a", 3), ("c", 2)]
    assert tables.frequent_words(dataset, 99)[-1] == ("d", 0)


def test_rank_frequency_leaves_out_what_never_occurs(dataset):
    ranks, counts = tables.rank_frequency(dataset)
    assert ranks.tolist() == [1, 2, 3]
    assert counts.tolist() == [3, 2, 1]


def test_unknown_share(dataset):
    assert tables.unknown_share(dataset) == pytest.approx(1 / 6)
    assert tables.unknown_share(dataset, "valid") == 0
    assert tables.unknown_share(Dataset(*[np.zeros(2, np.int32)] * 3, ("a",), "No unk")) == 0
