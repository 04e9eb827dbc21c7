import hashlib
import io
import math
import shutil
import tarfile
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from rnnlab.config import TextData
from rnnlab.data import DatasetUnavailable, load_dataset, tables, treebank
from tests.support.waiting import PATIENCE, wait_for

TEXTS = {
    "ptb.train.txt": b" the first <unk> sentence \n" * 3000,
    "ptb.valid.txt": b" the valid <unk> one \n" * 400,
    "ptb.test.txt": b" the test <unk> one \n" * 500,
}


def published(content):
    return treebank.PublishedFile(len(content), hashlib.sha256(content).hexdigest())


def archive_of(texts):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in texts.items():
            member = tarfile.TarInfo(f"simple-examples/data/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


@pytest.fixture
def small(monkeypatch):
    """A treebank of a few kilobytes takes the published one's place, checksums and all."""
    monkeypatch.setattr(treebank, "FILES", {name: published(content) for name, content in TEXTS.items()})


class Server:
    """A local mirror whose answers a test decides."""

    def __init__(self, address):
        self.address = address
        self.contents = dict(TEXTS)
        self.behaviour = "good"
        self.requests = []
        self.closing = threading.Event()

    def answer(self, handler):
        self.requests.append(handler.path)
        content = self.contents.get(Path(handler.path).name)
        if content is None:
            return handler.send_error(404)
        if self.behaviour == "silent":
            return self.closing.wait(30)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        return getattr(self, f"_{self.behaviour}")(handler, content)

    def _good(self, handler, content):
        handler.wfile.write(content)

    def _truncated(self, handler, content):
        handler.wfile.write(content[: len(content) // 2])

    def _stuck(self, handler, content):
        handler.wfile.write(content[: len(content) // 2])
        self.closing.wait(30)

    def _dripping(self, handler, content):
        for start in range(0, len(content), 500):
            if self.closing.wait(0.02):
                return
            handler.wfile.write(content[start : start + 500])


@contextmanager
def running_server():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            try:
                server.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *arguments):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        http.shutdown()
        thread.join()
        http.server_close()


@pytest.fixture
def server():
    with running_server() as running:
        yield running


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- download --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small")
def test_download_brings_the_files_whole(server, tmp_path):
    treebank.download(tmp_path / "new" / "cache", mirrors=[f"{server.address}/data"])
    assert contents(tmp_path) == TEXTS
    assert server.requests == [f"/data/{name}" for name in TEXTS]


@pytest.mark.usefixtures("small")
def test_download_from_the_archive(server, tmp_path, monkeypatch):
    server.contents = {"simple-examples.tgz": archive_of(TEXTS)}
    monkeypatch.setattr(treebank, "ARCHIVE", published(server.contents["simple-examples.tgz"]))
    treebank.download(tmp_path, mirrors=[f"{server.address}/simple-examples.tgz"])
    assert contents(tmp_path) == TEXTS
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("archive", [False, True])
def test_progress_grows_to_the_whole(server, tmp_path, monkeypatch, archive):
    packed = archive_of(TEXTS)
    server.contents["simple-examples.tgz"] = packed
    monkeypatch.setattr(treebank, "ARCHIVE", published(packed))
    seen = []
    mirror = f"{server.address}/simple-examples.tgz" if archive else server.address
    treebank.download(tmp_path, lambda done, total: seen.append((done, total)), [mirror])
    whole = len(packed) if archive else sum(map(len, TEXTS.values()))
    assert {total for _, total in seen} == {whole}
    amounts = [done for done, _ in seen]
    assert amounts == sorted(amounts)
    assert amounts[-1] == whole
    assert archive or len(set(amounts)) > 5


@pytest.mark.usefixtures("small")
def test_wrong_checksum_leaves_nothing(server, tmp_path):
    server.contents["ptb.train.txt"] = TEXTS["ptb.train.txt"].replace(b"first", b"wrong")
    with pytest.raises(DatasetUnavailable, match=r"could not be downloaded .*not the published one"):
        treebank.download(tmp_path, mirrors=[server.address])
    assert contents(tmp_path) == {}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("behaviour", "seconds", "reason"),
    [("truncated", PATIENCE, "broke off"), ("silent", 0.2, "no answer in time"), ("stuck", 0.2, "no answer in time")],
)
def test_bad_server_ends_in_time_and_leaves_nothing(server, tmp_path, behaviour, seconds, reason):
    server.behaviour = behaviour
    with pytest.raises(DatasetUnavailable, match=f"could not be downloaded .*{reason}"):
        treebank.download(tmp_path, mirrors=[server.address], timeout=(PATIENCE, seconds))
    assert contents(tmp_path) == {}
    # On a busy machine a request can be heard after it was given up.
    wait_for(lambda: len(server.requests) == treebank.ROUNDS, "a request for each round", there=lambda: server.requests)


@pytest.mark.usefixtures("small")
def test_files_that_moved_away(server, tmp_path):
    server.contents = {}
    with pytest.raises(DatasetUnavailable, match=r"could not be downloaded .*404"):
        treebank.download(tmp_path, mirrors=[server.address])


@pytest.mark.usefixtures("small")
def test_dripping_server_meets_the_deadline(server, tmp_path):
    server.behaviour = "dripping"
    with pytest.raises(DatasetUnavailable, match="too slow"):
        treebank.download(tmp_path, mirrors=[server.address], deadline=0.2)
    assert contents(tmp_path) == {}


@pytest.mark.usefixtures("small")
def test_second_mirror_serves_when_the_first_is_dead(server, tmp_path):
    dead = "http://127.0.0.1:9"  # the discard port, on which no program listens
    treebank.download(tmp_path, mirrors=[dead, server.address])
    assert contents(tmp_path) == TEXTS


@pytest.mark.usefixtures("small")
def test_second_round_helps_against_a_hiccup(server, tmp_path):
    good = server.contents

    def heal(handler, answer=server.answer):
        server.contents = good if server.requests else {}  # Only the first request finds nothing.
        answer(handler)

    server.answer = heal
    treebank.download(tmp_path, mirrors=[server.address])
    assert contents(tmp_path) == TEXTS


@pytest.mark.usefixtures("small")
def test_whole_files_are_not_fetched_again_and_broken_ones_are(server, tmp_path):
    (tmp_path / "ptb.train.txt").write_bytes(TEXTS["ptb.train.txt"])
    (tmp_path / "ptb.test.txt").write_bytes(b"half a fi")
    treebank.download(tmp_path, mirrors=[server.address])
    assert contents(tmp_path) == TEXTS
    assert server.requests == ["/ptb.valid.txt", "/ptb.test.txt"]


@pytest.mark.treebank
def test_download_of_the_real_text(server, tmp_path, treebank_folder):
    server.contents = {name: (treebank_folder / name).read_bytes() for name in treebank.FILES}
    treebank.download(tmp_path, mirrors=[server.address])
    assert treebank.read(tmp_path) == treebank.read(treebank_folder)


# --- the places looked at --------------------------------------------------------------------------------------------


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setattr(treebank, "cache_folder", lambda: folder)
    monkeypatch.delenv("RNNLAB_PTB", raising=False)
    return folder


@pytest.mark.usefixtures("small")
def test_cache_is_filled_once_and_then_read(server, empty_cache, monkeypatch):
    monkeypatch.setattr(treebank.download, "__defaults__", (None, (server.address,), (PATIENCE, PATIENCE), PATIENCE))
    for _ in range(2):
        assert treebank.load().valid == TEXTS["ptb.valid.txt"].decode()
    assert len(server.requests) == 3
    assert contents(empty_cache) == TEXTS


@pytest.mark.usefixtures("small")
def test_named_folder_comes_first(server, empty_cache, tmp_path, monkeypatch):
    named = tmp_path / "mine"
    named.mkdir()
    for name, content in TEXTS.items():
        (named / name).write_bytes(content)
    monkeypatch.setenv("RNNLAB_PTB", str(named))
    assert treebank.locate() == named
    assert treebank.load().test == TEXTS["ptb.test.txt"].decode()
    assert not empty_cache.exists()


def test_nothing_found_and_no_network(empty_cache, monkeypatch):
    monkeypatch.setattr(treebank.download, "__defaults__", (None, ("http://127.0.0.1:9",), (5, 5), 60))
    with pytest.raises(DatasetUnavailable) as caught:
        load_dataset(TextData(corpus="ptb"), 0)
    sentence = str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert "127.0.0.1: no connection" in sentence
    assert "\n" not in sentence
    for way_out in ("RNNLAB_PTB", "a text of your own", "built-in grammar"):
        assert way_out in sentence


# --- a folder of the user's ------------------------------------------------------------------------------------------


@pytest.fixture
def own_folder(small, tmp_path, monkeypatch):
    for name, content in TEXTS.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.setenv("RNNLAB_PTB", str(tmp_path))
    return tmp_path


def test_missing_file_is_named(own_folder):
    (own_folder / "ptb.valid.txt").unlink()
    with pytest.raises(DatasetUnavailable, match=r"RNNLAB_PTB names .*, which has no ptb\.valid\.txt; name"):
        treebank.load()


def test_missing_folder_is_named(own_folder, monkeypatch):
    monkeypatch.setenv("RNNLAB_PTB", str(own_folder / "nowhere"))
    with pytest.raises(DatasetUnavailable, match=r"RNNLAB_PTB names .*nowhere, which is not a folder"):
        treebank.load()


@pytest.mark.parametrize("content", [b"", b"truncated", TEXTS["ptb.test.txt"].replace(b"one", b"two"), b"\xff\xfe"])
def test_other_text_is_refused_with_what_was_found(own_folder, content):
    (own_folder / "ptb.test.txt").write_bytes(content)
    with pytest.raises(DatasetUnavailable) as caught:
        treebank.load()
    sentence = str(caught.value)
    assert "ptb.test.txt is not the published treebank" in sentence
    assert f"has {len(content):,} bytes" in sentence
    assert "text of your own" in sentence
    assert "\n" not in sentence


def test_a_mended_folder_is_read(own_folder):
    (own_folder / "ptb.test.txt").write_bytes(b"broken")
    with pytest.raises(DatasetUnavailable):
        treebank.load()
    (own_folder / "ptb.test.txt").write_bytes(TEXTS["ptb.test.txt"])
    assert treebank.load().test


# --- the real text ---------------------------------------------------------------------------------------------------

PTB = TextData(corpus="ptb")


@pytest.mark.treebank
@pytest.mark.usefixtures("with_treebank")
def test_published_counts():
    dataset = load_dataset(PTB, 0)
    assert tables.token_counts(dataset) == {"train": 929_589, "valid": 73_760, "test": 82_430}
    assert len(dataset.vocabulary) == 10_000
    assert (dataset.label, dataset.note, dataset.floor_perplexity) == ("Penn Treebank", "", None)
    assert dataset.streams("train", 20).num_windows(20) == 2323
    assert dataset.streams("train", 20).num_windows(35) == 1327


@pytest.mark.treebank
@pytest.mark.usefixtures("with_treebank")
def test_published_unigram_perplexity():
    dataset = load_dataset(PTB, 0)
    shares = np.bincount(dataset.train, minlength=10_000) / len(dataset.train)
    assert math.exp(-np.log(shares[dataset.valid]).mean()) == pytest.approx(687.0, abs=0.05)
    assert math.exp(-np.log(shares[dataset.test]).mean()) == pytest.approx(639.3, abs=0.05)


@pytest.mark.treebank
def test_same_numbers_as_the_reader_of_ptb_word_lm(with_treebank):
    """Its few lines, written out: reader._read_words, _build_vocab, _file_to_word_ids."""
    read = {name: (with_treebank / name).read_text().replace("\n", "<eos>").split() for name in treebank.FILES}
    pairs = sorted(Counter(read["ptb.train.txt"]).items(), key=lambda pair: (-pair[1], pair[0]))
    numbers = {word: number for number, (word, _) in enumerate(pairs)}
    dataset = load_dataset(PTB, 0)
    for split, words in zip(("train", "valid", "test"), read.values(), strict=True):
        assert dataset.split(split).tolist() == [numbers[word] for word in words]


@pytest.mark.treebank
@pytest.mark.usefixtures("with_treebank")
def test_a_part_says_so():
    dataset = load_dataset(TextData(corpus="ptb", train_tokens=100_000, vocabulary_size=2_000), 0)
    assert dataset.note == (
        "the first 100,000 of 929,589 tokens, vocabulary 2,000: not comparable with published numbers"
    )
    assert len(dataset.train) == 100_000
    assert len(dataset.vocabulary) == 2_000
    assert len(dataset.valid) == 73_760
    whole = load_dataset(PTB, 0)
    words = [whole.vocabulary[token] for token in whole.train[:500]]
    kept = set(dataset.vocabulary)
    assert [dataset.vocabulary[token] for token in dataset.train[:500]] == [
        word if word in kept else "<unk>" for word in words
    ]


@pytest.mark.treebank
@pytest.mark.usefixtures("with_treebank")
def test_characters_of_the_treebank():
    dataset = load_dataset(TextData(corpus="ptb", tokens="characters"), 0)
    assert len(dataset.train) == treebank.FILES["ptb.train.txt"].size
    assert "not comparable" in dataset.note


@pytest.mark.treebank
def test_a_corrupted_copy_of_the_real_text_is_refused(treebank_folder, tmp_path, monkeypatch):
    for name in treebank.FILES:
        shutil.copyfile(treebank_folder / name, tmp_path / name)
    content = bytearray((tmp_path / "ptb.valid.txt").read_bytes())
    content[1000] ^= 1
    (tmp_path / "ptb.valid.txt").write_bytes(content)
    monkeypatch.setenv("RNNLAB_PTB", str(tmp_path))
    with pytest.raises(
        DatasetUnavailable, match=r"ptb\.valid\.txt is not the published treebank: it has 399,782 bytes"
    ):
        load_dataset(PTB, 0)
