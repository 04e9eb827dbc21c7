"""A text of the user's own."""

from __future__ import annotations

import dataclasses
import hashlib
import stat
from pathlib import Path

from rnnlab.config import UPLOAD, Experiment, SeriesData, TextData
from rnnlab.data.vocabulary import EOS, tokenize
from rnnlab.errors import LabError

MAX_CHARACTERS = 20_000_000
"""About twenty long novels. As characters it costs 8 bytes each while it is encoded, which a small server can bear."""

MAX_BYTES = 4 * MAX_CHARACTERS
"""A character takes at most four bytes: a larger file need not be read to be refused."""

MOST_OF_A_PATH = 150
"""Characters of a path in a sentence."""

MIN_TOKENS = 30
"""Leaves three tokens each for validation and test: an input, a target and one to spare."""


class NoBlanks(LabError):
    """A text without blanks between its words. It can be learned in characters."""


def read_own_text(path: str | Path) -> str:
    """The text in a file on this machine; see `decode_upload` for its encoding.

    Args:
        path: of a file; `~` is the home folder.
    Raises:
        ValueError: there is no such file, or its text cannot be used; the message says what to do.
    """
    shown = _shown_path(str(path))
    if "\0" in str(path):
        raise LabError(
            f"The file {shown} cannot be read (no name has a NUL in it); name a text file that you may read."
        )
    try:
        file = Path(path).expanduser()
        found = file.stat()
        if stat.S_ISDIR(found.st_mode):
            raise LabError(f"The path {shown} is a folder, but must be a text file; name one of the files in it.")
        if not stat.S_ISREG(found.st_mode):
            raise LabError(
                f"The path {shown} is a device or a pipe, but must be a text file; save its text in a file first."
            )
        if found.st_size > MAX_BYTES:
            raise LabError(
                f"The file {shown} has {found.st_size / 1e6:,.0f} MB, and at most {MAX_CHARACTERS:,} characters are "
                "allowed; choose a part of it."
            )
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise LabError(f"There is no file {shown}; name a text file that is there.") from error
    except (OSError, RuntimeError, UnicodeError) as error:  # expanduser knows no home folder of that name
        is_name = isinstance(error, UnicodeError)
        reason = "no file can have such a name" if is_name else getattr(error, "strerror", error)
        raise LabError(f"The file {shown} cannot be read ({reason}); name a text file that you may read.") from error
    return decode_upload(content, f"The file {shown}")


def _shown_path(path: str) -> str:
    """A path in a sentence: its beginning and its end."""
    shown, half = repr(path), MOST_OF_A_PATH // 2
    return shown if len(shown) <= MOST_OF_A_PATH else f"{shown[:half]}...{shown[-half:]}"


def decode_upload(content: bytes, name: str = "The file") -> str:
    """The text in a file: UTF-8, or UTF-16 with its byte order mark.

    Args:
        content: of the file.
        name: of the file, for the message.
    Raises:
        ValueError: it is in another encoding; the message says how to save it.
    """
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise LabError(
            f"{name} is not plain text in UTF-8 (byte {error.start:,} does not fit); save it as UTF-8 and choose it "
            "again."
        ) from error
    if "\0" in text:
        raise LabError(f"{name} holds binary data, but must be plain text; save it as UTF-8 and choose it again.")
    return text


def text_identifier(text: str) -> str:
    """The value of `TextData.upload` for a text: 64 hexadecimal digits, made from its content."""
    return hashlib.sha256(text.encode()).hexdigest()


def with_own_text(experiment: Experiment, text: str) -> Experiment:
    """The same settings with the text of a file of one's own as the training data.

    Raises:
        ValueError: the settings take no file, or are those of a task that this text does not have.
    """
    data, identifier = experiment.data, text_identifier(text)
    if isinstance(data, SeriesData):
        return dataclasses.replace(experiment, data=dataclasses.replace(data, series=identifier))
    if not isinstance(data, TextData):
        raise LabError(
            "A file was given, but the settings are those of a wave; start from those of a text or a series, such as "
            "rnnlab.preset('ptb-demo').experiment or rnnlab.preset('own-series').experiment."
        )
    return dataclasses.replace(experiment, data=dataclasses.replace(data, corpus=UPLOAD, upload=identifier))


def split(text: str, tokens: str) -> tuple[list[str], list[str], list[str]]:
    """The tokens of a text, cut into 80 % train, 10 % validation and 10 % test, in the order of the text.

    Every line ends with `<eos>`. In words, blank lines are left out. Words are separated by blanks, so punctuation
    stays with its word unless there is a blank before it, as in the treebank. In characters, everything is kept, with
    blank lines and indentation.

    Args:
        text: the text, with any kind of newline.
        tokens: `words` or `characters`.
    Raises:
        ValueError: the text is empty, blank, too short or too long.
    """
    if len(text) > MAX_CHARACTERS:
        raise LabError(
            f"The text has {len(text):,} characters, and at most {MAX_CHARACTERS:,} are allowed; choose a part of it."
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
        raise LabError(f"The text is empty, but needs at least {MIN_TOKENS} {tokens}; choose a longer one.")
    if not count:
        raise LabError(
            f"The text is nothing but blank space, but needs at least {MIN_TOKENS} {tokens}; choose another."
        )
    if count < MIN_TOKENS:
        found = f"{count} {tokens if count > 1 else tokens.removesuffix('s')}"
        if tokens == "words" and len(text) >= 4 * MIN_TOKENS:
            raise NoBlanks(
                f"The text has {len(text):,} characters but only {found}. Blanks separate words, and this text has "
                "almost no blanks, as in Chinese or Japanese; set Tokens to characters."
            )
        raise LabError(f"The text has only {found}, but needs at least {MIN_TOKENS}; choose a longer one.")
