"""TensorFlow 1 runs once a session, in a separate process; every test reads its results."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.support.waiting import HANGS

ROOT = Path(__file__).parents[2]


class Computed:
    """The results of one case; `computed["weights/0"]` is a smaller one, of everything below that path."""

    def __init__(self, arrays: dict[str, np.ndarray]):
        self.arrays = arrays

    def __getitem__(self, path: str):
        if path in self.arrays:
            return self.arrays[path]
        below = {key.removeprefix(path + "/"): a for key, a in self.arrays.items() if key.startswith(path + "/")}
        if not below:
            raise KeyError(path)
        return Computed(below)

    def parts(self, path: str) -> tuple[np.ndarray, ...]:
        """`path/0`, `path/1`, ... in their order."""
        return tuple(self[path].arrays[str(k)] for k in range(len(self[path].arrays)))


@pytest.fixture(scope="session")
def tf1(tmp_path_factory) -> Computed:
    """All cases, as TensorFlow 1's own code computed them."""
    if importlib.util.find_spec("tf_keras") is None:
        pytest.fail("TensorFlow 1's cells need tf-keras; install it with pip install --no-deps -r requirements-tf1.txt")
    file = tmp_path_factory.mktemp("tf1") / "computed.npz"
    # Without a GPU: its matrix products may round to fewer bits than those that are compared.
    environment = os.environ | {"TF_USE_LEGACY_KERAS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    command = [sys.executable, "-W", "ignore", "-m", "tests.tf1_oracle.run_tf1", str(file)]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=HANGS)
    assert result.returncode == 0, result.stderr
    with np.load(file) as arrays:
        return Computed(dict(arrays))
