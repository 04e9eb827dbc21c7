"""What a sample keeps of the gates, against the trace of the same network."""

import base64

import numpy as np
import pytest

from rnnlab.config import ModelConfig, SineData
from rnnlab.data import load_dataset
from rnnlab.inspection import samples, trace_teacher_forced
from rnnlab.inspection.samples import gates_at_a_sample
from rnnlab.models import Network

DATA = SineData(samples=100)


@pytest.mark.parametrize(("cell", "gate", "low"), [("lstm", "f", 0), ("gru", "z", 0), ("simple_rnn", "g", -1)])
def test_the_kept_bytes_are_the_trace(cell, gate, low, monkeypatch):
    monkeypatch.setattr(samples, "UNITS", 3)
    monkeypatch.setattr(samples, "STEPS", 20)
    dataset, network = load_dataset(DATA, 0), Network(ModelConfig(cell=cell, units=5))
    found = gates_at_a_sample(network, dataset, DATA)
    assert (found["gate"], found["low"], found["units"]) == (gate, low, [0, 2, 4])
    levels = np.frombuffer(base64.b64decode(found["levels"]), np.uint8).reshape(3, 20)
    inputs = dataset.train[None, :20, None]
    expected = trace_teacher_forced(network, inputs).gates[f"layer_0/{gate}"][0, :, ::2].T
    np.testing.assert_allclose(low + levels / 255 * (1 - low), expected, atol=0.5 * (1 - low) / 255 + 1e-6)


def test_what_cannot_be_shown_is_left_out():
    dataset = load_dataset(DATA, 0)
    broken = Network(ModelConfig(units=2))
    broken.cells[0].bias.assign(np.full(8, np.nan))
    assert gates_at_a_sample(broken, dataset, DATA) == {}
    both = Network(ModelConfig(units=2, unrolling="bidirectional"), tags=2)
    assert gates_at_a_sample(both, dataset, DATA) == {}
