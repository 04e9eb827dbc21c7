"""TensorFlow is loaded without its messages and without the collector, whatever asks for it first; no other message is
lost, and garbage is collected later.
"""

import gc
import os
import subprocess
import sys

import pytest

from rnnlab.startup import without_collection

TENSORFLOWS = """WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795733591.395395   22438 port.cc:153] oneDNN custom operations are on.
E0000 00:00:1795733591.395395   22438 cuda_dnn.cc:10] Unable to register a factory.
2026-11-26 10:00:00.000000: I tensorflow/core/platform/cpu_feature_guard.cc:210] This binary is optimized.
To enable the following instructions: AVX2, in other operations, rebuild TensorFlow.
"""


def loaded(folder, code, imported="import rnnlab, tensorflow"):
    """The end of a process that loads a TensorFlow whose code this is."""
    (folder / "tensorflow.py").write_text(code)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), os.getcwd()])}
    return subprocess.run([sys.executable, "-c", imported], capture_output=True, text=True, env=environment)


def test_its_own_messages_are_held_back_and_the_others_are_not(tmp_path):
    done = loaded(tmp_path, f"import os; os.write(2, {(TENSORFLOWS + 'a run has failed').encode()!r})")
    assert (done.returncode, done.stderr) == (0, "a run has failed")


def test_all_messages_are_there_if_it_cannot_be_loaded(tmp_path):
    done = loaded(tmp_path, f"import os; os.write(2, {TENSORFLOWS.encode()!r}); raise ImportError('no AVX')")
    assert done.stderr.startswith(TENSORFLOWS)
    assert "ImportError: no AVX" in done.stderr


def test_a_process_without_stderr_loads_it_too(tmp_path):
    code = "import os; os.close(2); import rnnlab, tensorflow; print('loaded')"
    assert loaded(tmp_path, "", code).stdout == "loaded\n"


@pytest.mark.parametrize(("before", "after"), [("", "True"), ("gc.disable(); ", "False")])
def test_the_collector_rests_while_it_is_loaded_and_is_as_before_then(tmp_path, before, after):
    code = f"import gc; {before}import rnnlab, tensorflow; print(gc.isenabled())"
    assert loaded(tmp_path, "import gc; print(gc.isenabled())", code).stdout.split() == ["False", after]


def test_the_collector_leaves_out_what_is_there_when_the_process_ends(tmp_path):
    asked_last = "import atexit, gc; atexit.register(lambda: print(any(held is kept for held in gc.get_objects())));"
    code = f"{asked_last} kept = {{}}; kept[0] = kept; import rnnlab, tensorflow"
    assert loaded(tmp_path, "", code).stdout == "False\n"
    assert loaded(tmp_path, "", code.replace(", tensorflow", "")).stdout == "True\n"


def test_the_collector_is_as_before_if_it_cannot_be_loaded(tmp_path):
    code = """
import gc, rnnlab
try:
    import tensorflow
except ImportError:
    print(gc.isenabled())
"""
    assert loaded(tmp_path, "raise ImportError('no AVX')", code).stdout == "True\n"


def test_a_room_of_the_library_is_silent_too():
    done = subprocess.run([sys.executable, "-c", "import rnnlab.inspection"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


class Circle:
    """Garbage that only a collection finds."""

    def __init__(self, collected):
        self.me = self
        self.collected = collected

    def __del__(self):
        self.collected.append(True)


@pytest.fixture
def eager():
    """A collection at every few allocations."""
    before = gc.get_threshold()
    gc.set_threshold(1)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("error", [None, TimeoutError])
def test_garbage_waits_until_the_block_is_left(error):
    collected = []
    try:
        with without_collection():
            Circle(collected)
            assert len([[] for _ in range(1000)]) == 1000
            assert collected == []
            if error:
                raise error
    except TimeoutError:
        assert error
    assert len([[] for _ in range(1000)]) == 1000
    assert collected == [True]
    assert gc.isenabled()
