import pytest

from rnnlab.config import TextData
from rnnlab.data import DatasetUnavailable, decode_upload, load_dataset
from rnnlab.data.own_text import MAX_CHARACTERS

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
    assert "upload" in str(caught.value)


def test_one_character_in_character_mode():
    with pytest.raises(ValueError, match="only 1 character, but"):
        load_dataset(CHARACTERS, 0, "x")


def test_too_long_text_is_refused():
    with pytest.raises(ValueError, match="20,000,001 characters, and at most 20,000,000"):
        load_dataset(WORDS, 0, "a" * (MAX_CHARACTERS + 1))


def test_lost_upload():
    with pytest.raises(DatasetUnavailable, match="upload it again"):
        load_dataset(WORDS, 0, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_uploads_are_decoded(encoding):
    assert decode_upload("naïve text".encode(encoding)) == "naïve text"


@pytest.mark.parametrize("content", [b"na\xefve", b"\x89PNG\r\n\x1a\n\0\0", b"text\0text", b"\xff\xfea"])
def test_what_is_not_text_is_refused(content):
    with pytest.raises(ValueError, match="upload it again"):
        decode_upload(content)
