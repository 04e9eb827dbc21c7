import subprocess
import sys

import numpy as np
import pytest

from rnnlab.config import SineData, TextData
from rnnlab.data import load_dataset

GRAMMAR = TextData(corpus="grammar")


def test_shared_arrays_cannot_be_changed():
    dataset = load_dataset(GRAMMAR, 0)
    with pytest.raises(ValueError, match="read-only"):
        dataset.train[0] = 1


def test_loading_again_costs_nothing():
    assert load_dataset(GRAMMAR, 0) is load_dataset(GRAMMAR, 0)
    assert load_dataset(SineData(), 0) is load_dataset(SineData(), 0)


def test_kinds_tell_themselves_apart():
    assert load_dataset(GRAMMAR, 0).has_tokens
    assert not load_dataset(SineData(), 0).has_tokens


def test_dtypes():
    assert load_dataset(GRAMMAR, 0).valid.dtype == np.int32
    assert load_dataset(SineData(noise=0.1), 0).valid.dtype == np.float32


def test_encode_undoes_decode():
    dataset = load_dataset(GRAMMAR, 0)
    text = dataset.decode(dataset.train[:100])
    assert dataset.encode(text).tolist()[:99] == dataset.train[:99].tolist()


def test_prime_with_an_unknown_word():
    with pytest.raises(ValueError, match="'zebra' is not one of the"):
        load_dataset(GRAMMAR, 0).encode("the zebra sleeps")


def test_training_text_can_be_shortened():
    whole, part = (load_dataset(TextData(corpus="grammar", train_tokens=n), 0) for n in (0, 5_000))
    assert len(part.train) == 5_000
    assert part.decode(part.train) == whole.decode(whole.train[:5_000])
    assert len(part.valid) == len(whole.valid)
    assert part.note == f"the first 5,000 of {len(whole.train):,} tokens"


def test_unknown_part():
    with pytest.raises(ValueError, match="'dev'; it must be one of train, valid, test"):
        load_dataset(SineData(), 0).split("dev")


def test_streams_of_a_text():
    dataset = load_dataset(GRAMMAR, 0)
    batch = dataset.streams("valid", 4).window(0, 7)
    assert batch.inputs[0].tolist() == dataset.valid[:7].tolist()
    assert batch.targets[0].tolist() == dataset.valid[1:8].tolist()


def test_the_page_can_load_data_without_tensorflow_or_streamlit():
    program = (
        "import sys; from rnnlab.config import SineData; from rnnlab.data import load_dataset;"
        "load_dataset(SineData(), 0);"
        "sys.exit(bool({'tensorflow', 'keras', 'streamlit', 'requests', 'pandas'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
