"""What is compiled once serves every prime and horizon; XLA leaves a file for all that it compiles."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.generation import predict_teacher_forced
from rnnlab.models import Network

WAYS = [("carried", 1), ("reread", 2), ("zero_filled", 1), ("carried", 20)]

CODE = """
import json, sys
from pathlib import Path
import numpy as np
from rnnlab.config import ModelConfig
from rnnlab.generation import feed_back
from rnnlab.models import Network

dump, ways = Path(sys.argv[1]), json.loads(sys.argv[2])
for way, streams in ways:
    network = Network(ModelConfig(units=4))
    values = np.sin(np.arange(streams * 60).reshape(streams, 60, 1)).astype("float32")
    counts = []
    for prime, horizon in [(None, 0), (50, 20), (1, 20), (51, 33), (60, 1)]:
        if prime:
            feed_back(network, values[:, :prime], horizon, way)
        counts.append(len(list(dump.glob("*.before_optimizations.txt"))))
    print(json.dumps(counts))
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """Files that XLA has left: before each way, and after each prime and horizon; in one process of its own."""
    dump = tmp_path_factory.mktemp("xla")
    flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_dump_to={dump} --xla_dump_hlo_as_text"
    environment = os.environ | {"XLA_FLAGS": flags}
    command = [sys.executable, "-c", CODE, str(dump), json.dumps(WAYS)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return dict(zip(WAYS, map(json.loads, result.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("way", WAYS)
def test_another_prime_or_horizon_needs_no_new_compilation(compiled, way):
    before, first, *later = compiled[way]
    assert first > before
    assert later == [first] * 3


def test_nobody_is_warned_of_tracing_when_several_networks_are_asked(monkeypatch):
    told = []
    monkeypatch.setattr(tf.get_logger(), "warning", lambda *words, **_: told.append(words))
    for length in range(3, 15):
        values = np.zeros((1, length, 1), "float32")
        predict_teacher_forced(Network(ModelConfig(units=2)), values)
    assert told == []
