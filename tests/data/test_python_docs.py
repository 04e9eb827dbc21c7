import hashlib
import os
import re
import subprocess
import sys

import pytest

from rnnlab.config import TextData
from rnnlab.data import grammar, load_dataset, python_docs, tables

DOCS = TextData(corpus="python_docs", vocabulary_size=1_000)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ('The "if" statement is used.', "the if statement is used"),
        ("It doesn't, and it's 3.11.", "it does n't and it 's N"),
        ("“Curly” quotes aren’t kept", "curly quotes are n't kept"),
        ("A built-in calls __init__.", "a built-in calls __init__"),
    ],
)
def test_sentences_are_written_as_in_the_treebank(sentence, words):
    assert " ".join(python_docs.tokenize_sentence(sentence)) == words


def test_size_and_shares():
    lengths = [len(part.split()) + part.count("\n") for part in python_docs.corpus()]
    assert 35_000 < sum(lengths) < 200_000
    assert lengths[0] / sum(lengths) == pytest.approx(0.8, abs=0.05)
    assert lengths[1] / sum(lengths) == pytest.approx(0.1, abs=0.04)
    assert lengths[2] / sum(lengths) == pytest.approx(0.1, abs=0.04)


def test_only_words_are_left():
    for part in python_docs.corpus():
        assert set(re.sub(r"[a-z' _\n-]|\bN\b", "", part)) == set()
        assert all(len(line.split()) >= 3 for line in part.splitlines())


def test_no_code_and_no_grammar_rules():
    text = "\n".join(python_docs.corpus())
    for trace in ("if_stmt", "expr_stmt", "print x", "traceback most recent call last file"):
        assert trace not in text


def test_no_sentence_is_in_two_parts():
    train, valid, test = (set(part.splitlines()) for part in python_docs.corpus())
    assert not train & valid
    assert not train & test
    assert not valid & test


def test_rare_words_become_unk():
    dataset = load_dataset(DOCS, 0)
    assert len(dataset.vocabulary) == 1_000
    assert 0.01 < tables.unknown_share(dataset) < 0.3
    assert "Python 3." in dataset.note
    assert dataset.label == "Python documentation"


def test_built_in_corpora_do_not_depend_on_the_process():
    program = (
        "import hashlib; from rnnlab.data import grammar, python_docs;"
        "print(hashlib.sha256(repr([grammar.corpus(), python_docs.corpus()]).encode()).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "12345"}
    elsewhere = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    here = hashlib.sha256(repr([grammar.corpus(), python_docs.corpus()]).encode()).hexdigest()
    assert elsewhere.stdout.strip() == here
