"""States by stream: found again in any row, after a restart, and never from a damaged file."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.models import LSTMCell, StateSaver
from rnnlab.models.unrolling import unroll, unroll_state_saving
from tests.support.waiting import HANGS

ROOT = Path(__file__).parents[2]
FEATURES = 2

FIRST_PROCESS = """
import sys
from tests.models.test_state_saver import layers, read, windows
from rnnlab.models import StateSaver

saver = StateSaver()
for window in windows()[:2]:
    read(layers(), saver, window)
saver.save(sys.argv[1])
"""


def layers():
    """Two layers, the same ones in any process."""
    lower, upper = LSTMCell(4, num_proj=3, seed=1, name="layer_0"), LSTMCell(5, seed=2, name="layer_1")
    lower.build((None, FEATURES))
    upper.build((None, 3))
    return lower, upper


def windows():
    """Four windows with the streams that sit in their rows; a stream may miss one, or come later."""
    draw = np.random.default_rng(0)
    keys = (("a", "b"), ("b", "a"), ("c", "b"), ("a", "c"))
    return [(each, tf.constant(draw.normal(size=(2, 3, FEATURES)).astype("float32"))) for each in keys]


def read(cells, saver, window):
    """The outputs of the upper layer."""
    keys, hidden = window
    for cell in cells:
        hidden = unroll_state_saving(cell, hidden, keys, saver, cell.name)
    return hidden.numpy()


def test_each_stream_goes_on_in_whatever_row_it_sits():
    """Every stream by itself, read from its start to its end at once, gives the same outputs."""
    cells, saver = layers(), StateSaver()
    outputs = [read(cells, saver, window) for window in windows()]
    for stream in "abc":
        places = [(n, keys.index(stream)) for n, (keys, _) in enumerate(windows()) if stream in keys]
        hidden = tf.concat([windows()[n][1][row] for n, row in places], axis=0)[None]
        for cell in cells:
            hidden, after = unroll(cell, hidden, cell.zero_state(1))
            for kept, part in zip(saver.state(stream, cell.name), after, strict=True):
                np.testing.assert_allclose(kept, part[0], atol=1e-6)
        piecewise = np.concatenate([outputs[n][row] for n, row in places])
        np.testing.assert_allclose(piecewise, hidden[0], atol=1e-6)


def test_reading_goes_on_in_another_process_as_if_nothing_had_happened(tmp_path):
    file = tmp_path / "states.npz"
    command = [sys.executable, "-W", "ignore", "-c", FIRST_PROCESS, str(file)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS)
    assert result.returncode == 0, result.stderr

    undisturbed = StateSaver()
    expected = [read(layers(), undisturbed, window) for window in windows()]
    saver = StateSaver.load(file)
    for window, outputs in zip(windows()[2:], expected[2:], strict=True):
        np.testing.assert_array_equal(read(layers(), saver, window), outputs)
    ours, theirs = saver.state_dict(), undisturbed.state_dict()
    assert ours.keys() == theirs.keys()
    for name in ours:
        np.testing.assert_array_equal(ours[name], theirs[name])


def test_a_stream_that_is_not_known_starts_from_zeros():
    cell, _ = layers()
    (_, inputs), *_ = windows()
    saver = StateSaver()
    assert saver.state("a", "layer_0") is None
    outputs = unroll_state_saving(cell, inputs, ("a", "b"), saver, "layer_0")
    np.testing.assert_array_equal(outputs, unroll(cell, inputs, cell.zero_state(2))[0])


def test_what_is_forgotten_starts_from_zeros_again():
    cells, saver = layers(), StateSaver()
    first = read(cells, saver, windows()[0])
    assert not np.allclose(read(cells, saver, windows()[0]), first)
    saver.forget()
    np.testing.assert_array_equal(read(cells, saver, windows()[0]), first)


def test_a_saver_that_knows_nothing_can_be_kept_too(tmp_path):
    StateSaver().save(tmp_path / "states.npz")
    assert StateSaver.load(tmp_path / "states.npz").state("a", "layer_0") is None


def test_what_was_saved_does_not_change_with_what_is_read_later():
    saver, state = StateSaver(), np.ones((1, 2), "float32")
    saver.save_state(("a",), "layer_0", (state,))
    state[:] = 7
    np.testing.assert_array_equal(saver.state("a", "layer_0")[0], [1, 1])


@pytest.mark.parametrize("keys", [("a",), ("a", "b", "c")])
def test_each_row_needs_a_key(keys):
    (cell, _), ((_, inputs), *_) = layers(), windows()
    with pytest.raises(ValueError, match=rf"2 rows and {len(keys)} keys; please give one key for each row"):
        unroll_state_saving(cell, inputs, keys, StateSaver(), "layer_0")


def test_a_stream_cannot_be_in_two_rows():
    (cell, _), ((_, inputs), *_) = layers(), windows()
    with pytest.raises(ValueError, match="The keys were a, a, but a stream can be in one row only"):
        unroll_state_saving(cell, inputs, ("a", "a"), StateSaver(), "layer_0")


# --- damaged files ---------------------------------------------------------------------------------------------------


def saved(file):
    """A file with states in it."""
    saver = StateSaver()
    read(layers(), saver, windows()[0])
    saver.save(file)
    return saver


def cut_short(file):
    saved(file)
    file.write_bytes(file.read_bytes()[:-200])


def changed_inside(file):
    saved(file)
    content = bytearray(file.read_bytes())
    content[content.index(b"\x93NUMPY") + 140] ^= 0xFF  # In the first array's numbers, which the archive checks.
    file.write_bytes(content)


def without_a_part(file):
    arrays = saved(file).state_dict()
    np.savez(file, **{name: values for name, values in arrays.items() if name != "3"})


def with_other_places(places):
    return lambda file: np.savez(file, **saved(file).state_dict() | {"places": np.array(places)})


def one_array(file):
    with file.open("wb") as stream:
        np.save(stream, np.zeros(3))


DAMAGES = {
    "empty": lambda file: file.write_bytes(b""),
    "a text": lambda file: file.write_text("states"),
    "cut short": cut_short,
    "changed inside": changed_inside,
    "one array": one_array,
    "other arrays": lambda file: np.savez(file, weights=np.zeros(3)),
    "without a part": without_a_part,
    "places that are no JSON": with_other_places("not JSON"),
    "places that are a number": with_other_places("5"),
    "places of another form": with_other_places('[["a", "layer_0"]]'),
    "objects": lambda file: np.savez(file, places=np.array([{"a": 1}], dtype=object)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_gets_its_sentence(tmp_path, damage):
    file = tmp_path / "states.npz"
    DAMAGES[damage](file)
    with pytest.raises(
        ValueError, match=r"^states\.npz holds no saved states; give a file that StateSaver\.save wrote"
    ):
        StateSaver.load(file)


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        StateSaver.load(tmp_path / "states.npz")


def test_a_save_that_fails_in_its_middle_leaves_the_old_file_whole(tmp_path, monkeypatch):
    file = tmp_path / "states.npz"
    before = saved(file)

    def disk_full(stream, **arrays):
        stream.write(b"PK\x03\x04")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez", disk_full)
        later = StateSaver()
        with pytest.raises(OSError, match="No space left"):
            later.save(file)
    loaded = StateSaver.load(file)
    for part, kept in zip(loaded.state("a", "layer_0"), before.state("a", "layer_0"), strict=True):
        np.testing.assert_array_equal(part, kept)
