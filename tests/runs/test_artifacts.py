import hashlib
import signal
import subprocess
import sys

import fsspec
import numpy as np
import pytest

from rnnlab.store.artifacts import (
    ArtifactStore,
    ArtifactsUnavailable,
    DamagedArtifact,
    checkpoint_of,
    pack_arrays,
    unpack_arrays,
)
from tests.support.waiting import wait_for

WRITE_FOREVER = """
import itertools, sys
from rnnlab.store.artifacts import ArtifactStore
files = ArtifactStore(sys.argv[1])
for i in itertools.count():
    files.write("run/weights.npz", bytes([i % 256]) * 50_000_000)
"""

WRITE_ONCE = """
import sys
from rnnlab.store.artifacts import ArtifactStore
ArtifactStore(sys.argv[1]).write(sys.argv[2], b"weights")
"""


@pytest.fixture
def files(tmp_path) -> ArtifactStore:
    return ArtifactStore(str(tmp_path / "artifacts"))


@pytest.fixture(params=["folder", "s3"])
def anywhere(request) -> ArtifactStore:
    """The same in a folder, and on S3."""
    if request.param == "folder":
        return request.getfixturevalue("files")
    return ArtifactStore(request.getfixturevalue("bucket"))


def written(files, content=b"some weights", step=3):
    checkpoint = checkpoint_of("run", 1, step, content)
    files.write(checkpoint.path, content)
    return checkpoint


def test_what_was_written_is_read(anywhere):
    assert anywhere.read(written(anywhere)) == b"some weights"


def test_arrays_of_every_kind_come_back_to_the_last_bit():
    arrays = {
        "layer_0/kernel": np.array([[0.1, -0.0], [np.inf, 1e-45]], "float32"),
        "step": np.array(7),
        "empty": np.zeros((0, 3), "int32"),
    }
    back = unpack_arrays(pack_arrays(arrays))
    assert back.keys() == arrays.keys()
    assert all(back[n].tobytes() == arrays[n].tobytes() and back[n].dtype == arrays[n].dtype for n in arrays)


def test_arrays_that_would_need_code_to_be_read_are_refused():
    with pytest.raises(ValueError, match="pickle"):
        pack_arrays({"objects": np.array([object()])})


def test_a_file_of_the_right_size_with_one_wrong_bit_is_noticed(files, tmp_path):
    checkpoint = written(files)
    path = tmp_path / "artifacts" / checkpoint.path
    content = bytearray(path.read_bytes())
    content[5] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedArtifact, match="are damaged"):
        files.read(checkpoint)


def test_a_truncated_file_is_noticed(files, tmp_path):
    checkpoint = written(files)
    (tmp_path / "artifacts" / checkpoint.path).write_bytes(b"some")
    with pytest.raises(DamagedArtifact, match="4 bytes, 12 were written"):
        files.read(checkpoint)


def test_a_missing_file_is_noticed(anywhere):
    with pytest.raises(DamagedArtifact, match="are missing"):
        anywhere.read(checkpoint_of("run", 1, 3, b"never written"))


def test_a_writer_killed_in_the_middle_leaves_the_old_file_or_the_new_one(files, tmp_path):
    folder = tmp_path / "artifacts" / "run"
    process = subprocess.Popen([sys.executable, "-c", WRITE_FOREVER, files.location])
    target = folder / "weights.npz"
    wait_for(lambda: target.exists() and any(p.stat().st_size for p in folder.glob("*.part")), "a file half written")
    process.send_signal(signal.SIGKILL)
    process.wait()
    content = target.read_bytes()
    assert len(content) == 50_000_000
    assert len(set(content)) == 1


def test_half_written_files_are_listed_so_that_they_can_be_swept(files, tmp_path):
    checkpoint = written(files)
    part = tmp_path / "artifacts" / "run" / "weights.npz.abc.part"
    part.write_bytes(b"half")
    assert set(files.paths("run")) == {checkpoint.path, "run/weights.npz.abc.part"}
    files.delete(["run/weights.npz.abc.part", "run/gone already"])
    assert files.paths("run") == [checkpoint.path]


def test_a_write_that_fails_leaves_nothing(files, tmp_path):
    with pytest.raises(TypeError):
        files.write("run/weights.npz", "text is not bytes")
    assert files.paths("run") == []


def test_a_folder_is_deleted_with_all_in_it_and_twice_is_no_matter(anywhere):
    written(anywhere)
    anywhere.delete_folder("run")
    anywhere.delete_folder("run")
    assert anywhere.paths("run") == []


def test_what_another_process_has_written_is_seen_at_once(anywhere):
    """A worker writes; the page lists, and deletes."""
    first = written(anywhere)
    assert anywhere.paths("run") == [first.path]
    command = [sys.executable, "-c", WRITE_ONCE, anywhere.location, "run/another.npz"]
    assert subprocess.run(command, check=False).returncode == 0
    assert set(anywhere.paths("run")) == {first.path, "run/another.npz"}
    anywhere.delete_folder("run")
    assert anywhere.paths("run") == []


def test_other_locations_work_like_folders():
    files = ArtifactStore("memory://class/artifacts")
    checkpoint = written(files)
    assert files.read(checkpoint) == b"some weights"
    assert files.paths("run") == [checkpoint.path]


def test_a_text_is_kept_under_its_content(anywhere):
    identifier = anywhere.keep_text("Ein süßer Text")
    assert identifier == hashlib.sha256("Ein süßer Text".encode()).hexdigest()
    assert anywhere.kept_text(identifier) == "Ein süßer Text"


@pytest.mark.parametrize("identifier", ["", "../../etc/passwd", "0" * 64])
def test_a_text_that_was_not_kept_is_none(anywhere, identifier):
    assert anywhere.kept_text(identifier) is None


def test_s3_that_does_not_answer_gets_a_sentence(bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    with pytest.raises(ArtifactsUnavailable, match=r"s3://class-.* cannot be used .*check the network"):
        ArtifactStore(bucket).write("run/weights.npz", b"weights")
    fsspec.get_filesystem_class("s3").clear_instance_cache()


@pytest.mark.parametrize("location", ["klingon://bucket/folder", "abfs://container/folder"])
def test_a_location_that_nothing_here_knows_gets_a_sentence(location):
    with pytest.raises(ArtifactsUnavailable, match=f"kept in '{location}' .*; RNNLAB_ARTIFACTS must be a folder"):
        ArtifactStore(location)
