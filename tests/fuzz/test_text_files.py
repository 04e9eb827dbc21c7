"""Any file as a text of one's own, and any settings for it."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from rnnlab import config
from rnnlab.config import InvalidSetting, TextData
from rnnlab.data import decode_upload, load_dataset, tables
from tests.fuzz.budget import examples
from tests.fuzz.hostile import TEXTS
from tests.fuzz.verdict import check_sentence

PIECES = st.sampled_from(
    [
        *("\n", "\r\n", "\r", " ", "\t", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u00a0", "\u3000", "\u200b"),
        *("<eos>", "<unk>", "<b>", "a", "the", "é", "e\u0301", "漢字", "🙂", "\U0010ffff", "w" * 5000, ".", "1"),
        *("\ufeff", "\0", "\x1b[2J"),
    ]
) | st.text(max_size=5)
MANY = st.lists(PIECES, max_size=60)
TEXT = MANY.map("".join) | MANY.map(" ".join) | st.sampled_from(TEXTS)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "utf-7", "gb18030")


MARKS = [b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"]


def encoded(text, encoding):
    return text.encode(encoding, errors="replace")


FILES = (
    st.binary(max_size=300)
    | st.builds(encoded, TEXT, st.sampled_from(ENCODINGS))
    | st.builds(lambda mark, rest: mark + rest, st.sampled_from(MARKS), st.binary())
    | st.builds(lambda text, wrong: text.encode(errors="replace") + wrong, TEXT, st.binary(max_size=3))
)
SETTINGS = st.fixed_dictionaries(
    {"tokens": st.sampled_from(["words", "characters"])},
    optional={
        "vocabulary_size": st.integers(2, 5) | st.just(1_000_000),
        "train_tokens": st.integers(0, 30) | st.just(10**12),
    },
)
PLAIN = "".join(chr(code) for code in range(32, 127))


def outcome(make):
    """What a call returns, or the sentence of a refusal. Any other error is raised."""
    try:
        return make(), None
    except UnicodeError:
        raise
    except ValueError as error:
        return None, str(error)


def check_text(text, tokens, **cut):
    """A text is learned whole, or refused by one sentence."""
    data = TextData(corpus="upload", tokens=tokens, **cut)
    dataset, refused = outcome(lambda: load_dataset(data, 0, upload_text=text))
    if refused:
        check_sentence(refused)
        assert refused.startswith(("The text", "The file")), refused
        return
    parts = [dataset.train, dataset.valid, dataset.test]
    assert all(len(part) >= 1 for part in parts)
    assert sum(tables.token_counts(dataset).values()) == sum(map(len, parts))
    if not cut:
        back = "".join(dataset.decode(part) + (" " if tokens == "words" else "") for part in parts)
        meant = " ".join(text.split()) if tokens == "words" else "".join(f"{line}\n" for line in text.splitlines())
        known = set(dataset.vocabulary)
        if "<unk>" not in known and "<eos>" not in text:
            assert (" ".join(back.split()) if tokens == "words" else back) == meant
    _, refused = outcome(lambda: dataset.streams("train", 3))
    if refused:
        check_sentence(refused)


@examples("text: bytes")
@given(FILES, st.sampled_from(["words", "characters"]))
@example(b"", "words")
@example(b"<eos> " * 40, "words")
@example(b"\xef\xbb\xbf", "characters")
@example(b"\xff\xfe\x00\x00a\x00\x00\x00", "words")
@example(b"\r" * 100, "words")
@example(b"w" * 1_000_000, "words")
def test_a_file_is_a_text_or_gets_a_sentence(content, tokens):
    text, refused = outcome(lambda: decode_upload(content))
    if refused:
        check_sentence(refused)
        assert refused.startswith("The file"), refused
    else:
        text.encode()  # so that it can be kept
        check_text(text, tokens)


@examples("text: settings")
@given(TEXT.map(lambda text: text.encode(errors="replace").decode()) | st.text(PLAIN, min_size=40), SETTINGS)
@example("0" * 40, {"tokens": "characters", "train_tokens": 1})
def test_a_text_with_any_settings_is_cut_or_gets_a_sentence(text, settings):
    try:
        config.from_flat({"data": "text", "corpus": "upload", **settings})
    except InvalidSetting as error:
        check_sentence(str(error), error.name)
    check_text(text, **settings)
