"""How a run's products are computed, as JSON and in words."""

import dataclasses
import itertools

import pytest

from rnnlab.arithmetic import BFLOAT16, FLOAT32, RunArithmetic, arithmetic_from_json

BOTH = (FLOAT32, BFLOAT16)
ALL = [RunArithmetic(*values) for values in itertools.product((False, True), BOTH, BOTH, BOTH, (False, True))]


def test_what_is_stored_is_read():
    assert [arithmetic_from_json(one.to_json()) for one in ALL] == ALL


@pytest.mark.parametrize(
    "text",
    [None, "", "{", "[]", "3", "{}", b"\xff", RunArithmetic().to_json().replace("float32", "float16"), "[" * 100_000],
)
def test_anything_else_is_unknown(text):
    assert arithmetic_from_json(text) is None


@pytest.mark.parametrize(
    ("arithmetic", "short", "words"),
    [
        (RunArithmetic(), "float32", "all products in float32"),
        (RunArithmetic(compiled=True), "float32", "all products in float32; XLA compiles whole updates"),
        (RunArithmetic(output=BFLOAT16), "bfloat16 and float32", "the output layer in bfloat16, all others in float32"),
        (
            RunArithmetic(window=BFLOAT16, output=BFLOAT16, wide_logits=True),
            "bfloat16 and float32",
            "whole windows and the output layer in bfloat16, logits kept in float32, all others in float32",
        ),
        (
            RunArithmetic(window=BFLOAT16, step=BFLOAT16, output=BFLOAT16),
            "bfloat16",
            "whole windows, single steps and the output layer in bfloat16",
        ),
    ],
)
def test_words(arithmetic, short, words):
    assert (arithmetic.short, arithmetic.words) == (short, words)


def test_every_difference_is_stored():
    texts = {dataclasses.replace(one).to_json() for one in ALL}
    assert len(texts) == len(ALL)
