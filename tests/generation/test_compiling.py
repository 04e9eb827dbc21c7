"""What is compiled once serves every prime and horizon; XLA leaves a file for all that it compiles."""

import os
import subprocess
import sys

import pytest

CODE = """
import sys
from pathlib import Path
import numpy as np
from rnnlab.config import ModelConfig
from rnnlab.generation import generate_attempt
from rnnlab.models import Network

dump, way, streams = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
network = Network(ModelConfig(units=4))
values = np.sin(np.arange(streams * 60).reshape(streams, 60, 1)).astype("float32")
for prime, horizon in [(50, 20), (1, 20), (51, 33), (60, 1)]:
    generate_attempt(network, values[:, :prime], horizon, way)
    print(len(list(dump.glob("*.before_optimizations.txt"))))
"""


@pytest.mark.parametrize(("way", "streams"), [("carried", 1), ("reread", 2), ("zero_filled", 1), ("carried", 20)])
def test_another_prime_or_horizon_needs_no_new_compilation(tmp_path, way, streams):
    environment = os.environ | {"XLA_FLAGS": f"--xla_dump_to={tmp_path} --xla_dump_hlo_as_text"}
    command = [sys.executable, "-c", CODE, str(tmp_path), way, str(streams)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    counts = [int(line) for line in result.stdout.split()]
    assert counts == counts[:1] * 4
    assert counts[0] > 0
