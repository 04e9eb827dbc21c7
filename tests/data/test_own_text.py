import os

import pytest

from rnnlab.config import Experiment, InvalidSetting, TextData, TrainingConfig
from rnnlab.data import (
    DatasetUnavailable,
    TextMissing,
    decode_upload,
    load_dataset,
    read_own_text,
    text_identifier,
    with_own_text,
)
from rnnlab.data.own_text import MAX_BYTES, MAX_CHARACTERS

WORDS = TextData(corpus="upload")
CHARACTERS = TextData(corpus="upload", tokens="characters")


def test_parts_are_eighty_ten_ten_in_order():
    text = " ".join(f"w{i}" for i in range(99))  # with <eos> 100 tokens
    dataset = load_dataset(WORDS, 0, text)
    assert [len(dataset.split(name)) for name in ("train", "valid", "test")] == [80, 10, 10]
    assert dataset.decode(dataset.train).split() == [f"w{i}" for i in range(80)]
    assert dataset.label == "Your text"


def test_words_the_training_part_lacks_are_unk():
    dataset = load_dataset(WORDS, 0, "a " * 90 + "new words at the end of it all")
    assert set(dataset.decode(dataset.train).split()) == {"a"}
    assert "<unk>" in dataset.decode(dataset.test)


def test_characters():
    text = "the cat sat\n" * 20
    dataset = load_dataset(CHARACTERS, 0, text)
    assert set(dataset.vocabulary) == set("the cat sat") | {"<eos>"}
    assert dataset.decode(dataset.train) == text[: 240 * 8 // 10]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_newline_and_blank_lines(newline):
    text = newline.join(["a b c", "", "  ", "d e f"] * 10)
    dataset = load_dataset(WORDS, 0, text)
    assert dataset.decode(dataset.train[:8]) == "a b c\nd e f\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty, but needs at least 30"),
        (" \n\t \r\n", "nothing but blank space, but needs at least 30"),
        ("word", "only 1 word, but needs at least 30"),
        ("two words", "only 2 words, but needs at least 30"),
    ],
)
def test_too_little_text_gets_one_sentence(text, words):
    with pytest.raises(ValueError, match=words) as caught:
        load_dataset(WORDS, 0, text)
    assert "\n" not in str(caught.value)
    assert "; choose " in str(caught.value)


def test_one_character_in_character_mode():
    with pytest.raises(ValueError, match="only 1 character, but"):
        load_dataset(CHARACTERS, 0, "x")


def test_too_long_text_is_refused():
    with pytest.raises(ValueError, match="20,000,001 characters, and at most 20,000,000"):
        load_dataset(WORDS, 0, "a" * (MAX_CHARACTERS + 1))


def test_a_text_that_is_not_kept():
    with pytest.raises(DatasetUnavailable, match="not kept here; start a new run from its file") as caught:
        load_dataset(WORDS, 0, None)
    assert isinstance(caught.value, TextMissing)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_uploads_are_decoded(encoding):
    assert decode_upload("naïve text".encode(encoding)) == "naïve text"


@pytest.mark.parametrize("content", [b"na\xefve", b"\x89PNG\r\n\x1a\n\0\0", b"text\0text", b"\xff\xfea"])
def test_what_is_not_text_is_refused(content):
    with pytest.raises(ValueError, match="save it as UTF-8 and choose it again"):
        decode_upload(content)


# --- a file on this machine ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [str, lambda path: path], ids=["text", "path"])
def test_a_file_is_read(tmp_path, kind):
    file = tmp_path / "story.txt"
    file.write_bytes("naïve text".encode("utf-16"))
    assert read_own_text(kind(file)) == "naïve text"


def test_a_file_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "story.txt").write_text("once")
    assert read_own_text("~/story.txt") == "once"


def huge(file):
    with open(file, "wb") as opened:
        opened.truncate(MAX_BYTES + 1)  # a hole, which takes no room on the disk


BAD_FILES = {
    "missing": (lambda file: None, "There is no file {file}; name a text file that is there."),
    "folder": (
        lambda file: file.mkdir(),
        "The path {file} is a folder, but must be a text file; name one of the files in it.",
    ),
    "pipe": (
        os.mkfifo,
        "The path {file} is a device or a pipe, but must be a text file; save its text in a file first.",
    ),
    "huge": (huge, "The file {file} has 80 MB, and at most 20,000,000 characters are allowed; choose a part of it."),
    "not UTF-8": (
        lambda file: file.write_bytes(b"na\xefve"),
        "The file {file} is not plain text in UTF-8 (byte 2 does not fit); save it as UTF-8 and choose it again.",
    ),
    "binary": (
        lambda file: file.write_bytes(b"text\0text"),
        "The file {file} holds binary data, but must be plain text; save it as UTF-8 and choose it again.",
    ),
}


@pytest.mark.parametrize(("make", "sentence"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_gets_one_sentence(tmp_path, make, sentence):
    file = tmp_path / "story.txt"
    make(file)
    with pytest.raises(ValueError, match="story") as caught:
        read_own_text(file)
    assert str(caught.value) == sentence.format(file=repr(str(file)))


@pytest.mark.parametrize("name", ["~nobody-of-that-name/story.txt", "x" * 5000, "a\0b"])
def test_a_name_that_no_file_can_have_gets_a_sentence(name):
    with pytest.raises(ValueError, match=r"cannot be read .*; name a text file that you may read"):
        read_own_text(name)
    with pytest.raises(ValueError, match=r"^The file .{1,250}\.$"):
        read_own_text(name)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything may be read by root")
def test_a_file_that_may_not_be_read_gets_a_sentence(tmp_path):
    file = tmp_path / "story.txt"
    file.write_text("secret")
    file.chmod(0)
    with pytest.raises(ValueError, match=r"cannot be read \(Permission denied\); name a text file that you may read"):
        read_own_text(file)


def test_an_experiment_takes_a_text_and_keeps_its_other_settings():
    experiment = Experiment(data=TextData(corpus="ptb", tokens="characters", train_tokens=50), seed=3)
    found = with_own_text(experiment, "a text")
    assert found.data == TextData(
        corpus="upload", tokens="characters", train_tokens=50, upload=text_identifier("a text")
    )
    assert (found.model, found.training, found.seed) == (experiment.model, experiment.training, 3)


def test_an_experiment_that_learns_no_text_takes_none():
    with pytest.raises(ValueError, match="the settings are those of a wave; start from those of a text"):
        with_own_text(Experiment(), "a text")
    tagging = Experiment(data=TextData(corpus="grammar", task="number_tags"), training=TrainingConfig(num_steps=5))
    with pytest.raises(InvalidSetting, match="only the built-in grammar has labels"):
        with_own_text(tagging, "a text")
