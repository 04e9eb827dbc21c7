"""A text of the user's own."""

from __future__ import annotations

from rnnlab.data.vocabulary import EOS, tokenize

MAX_CHARACTERS = 20_000_000
"""About twenty long novels. As characters it costs 8 bytes each while it is encoded, which a small server can bear."""

MIN_TOKENS = 30
"""Leaves three tokens each for validation and test: an input, a target and one to spare."""


class NoBlanks(ValueError):
    """A text whose words are not set apart by blanks, and which can be learned by its characters."""


def decode_upload(content: bytes) -> str:
    """The text in an uploaded file: UTF-8, or UTF-16 with its byte order mark.

    Raises:
        ValueError: it is neither; the message says how to save it.
    """
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(
            f"The file is not plain text in UTF-8 (byte {error.start:,} does not fit); save it as UTF-8 and upload "
            "it again."
        ) from error
    if "\0" in text:
        raise ValueError(
            "The file holds binary data, but must be plain text; save it as UTF-8 text and upload it again."
        )
    return text


def split(text: str, tokens: str) -> tuple[list[str], list[str], list[str]]:
    """The tokens of a text, cut into 80 % train, 10 % validation and 10 % test, in the order of the text.

    Every line ends with `<eos>`. As words, blank lines are left out, and a word is what stands between blanks, so
    punctuation sticks to its word unless it was set apart, as it is in the treebank. As characters, all of the text
    counts: blank lines and indentation too.

    Args:
        text: the text, with any kind of newline.
        tokens: `words` or `characters`.
    Raises:
        ValueError: the text is empty, blank, too short or too long.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError(
            f"The text has {len(text):,} characters, and at most {MAX_CHARACTERS:,} are allowed; upload a part of it."
        )
    lines = text.splitlines()
    if tokens == "words":
        lines = [line.strip() for line in lines if line.strip()]
    cut = tokenize("".join(f"{line}\n" for line in lines), tokens)
    _check_length(text, cut, tokens)
    first, second = len(cut) * 8 // 10, len(cut) * 9 // 10
    return cut[:first], cut[first:second], cut[second:]


def _check_length(text: str, cut: list[str], tokens: str) -> None:
    count = sum(token != EOS and not token.isspace() for token in cut)
    if not text:
        raise ValueError(f"The text is empty, but needs at least {MIN_TOKENS} {tokens}; upload a longer one.")
    if not count:
        raise ValueError(
            f"The text is nothing but blank space, but needs at least {MIN_TOKENS} {tokens}; upload another."
        )
    if count < MIN_TOKENS:
        found = f"{count} {tokens if count > 1 else tokens.removesuffix('s')}"
        if tokens == "words" and len(text) >= 4 * MIN_TOKENS:
            raise NoBlanks(
                f"The text has {len(text):,} characters but only {found}: words are what stands between blanks, and it "
                "has almost none, as Chinese or Japanese; take its characters instead."
            )
        raise ValueError(f"The text has only {found}, but needs at least {MIN_TOKENS}; upload a longer one.")
