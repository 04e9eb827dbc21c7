import numpy as np
import pytest

from rnnlab.data.vocabulary import build_vocabulary, decode, encode, join, tokenize


def test_newline_becomes_eos():
    assert tokenize(" a b \n c \n") == ["a", "b", "<eos>", "c", "<eos>"]
    assert tokenize("a b\nc\n") == ["a", "b", "<eos>", "c", "<eos>"]


def test_characters_keep_blanks():
    assert tokenize("a b\n", "characters") == ["a", " ", "b", "<eos>"]


@pytest.mark.parametrize("kind", ["words", "characters"])
def test_join_undoes_tokenize(kind):
    text = "a bc\nd\n"
    assert join(tokenize(text, kind), kind) == text


def test_words_are_sorted_by_count_then_alphabet():
    assert build_vocabulary(["b", "a", "c", "b", "a", "d"]) == ("a", "b", "c", "d")


def test_cap_keeps_the_most_frequent_and_counts_the_rest_as_unk():
    words = ["a", "a", "a", "b", "b", "c", "d", "e"]  # c, d, e: three <unk>
    assert build_vocabulary(words, size=3) == ("<unk>", "a", "b")  # 3, 3, 2
    assert build_vocabulary(words, size=2) == ("<unk>", "a")  # 5, 3


def test_unk_of_the_text_takes_in_what_the_cap_cuts_off():
    words = ["a", "a", "a", "<unk>", "<unk>", "b", "b", "c", "d", "e"]
    assert build_vocabulary(words, size=3) == ("<unk>", "a", "b")


def test_no_unk_where_nothing_needs_it():
    assert build_vocabulary(["a", "b"], held_out=["a"], size=2) == ("a", "b")


def test_unseen_words_of_the_held_out_text_get_an_unk():
    assert build_vocabulary(["a", "a", "b"], held_out=["c"]) == ("a", "b", "<unk>")
    assert build_vocabulary(["a", "a", "b"], held_out=["c"], size=2) == ("a", "<unk>")


def test_encode_and_decode():
    vocabulary = ("a", "<unk>", "b")
    ids = encode(["b", "zebra", "a"], vocabulary)
    assert ids.dtype == np.int32
    assert ids.tolist() == [2, 1, 0]
    assert decode(ids, vocabulary) == ["b", "<unk>", "a"]


def test_unknown_word_without_unk_is_named():
    with pytest.raises(ValueError, match="'zebra' is not one of the 2 tokens"):
        encode(["a", "zebra"], ("a", "b"))


def test_nothing_encodes_to_nothing():
    assert encode([], ("a",)).shape == (0,)
