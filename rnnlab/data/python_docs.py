"""Real English without a download: the documentation inside every CPython, which `help()` shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rnnlab.data.corpus import Corpus

SHARES = (0.8, 0.1, 0.1)

_LINK = re.compile(r"\(?see (?:also )?(?:the )?section [^.()]*\)?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[\"*“]?[A-Z])")
_TOKEN = re.compile(r"__[a-z_]+__|[a-z]+n't|'(?:s|re|ve|ll|d|m)\b|[a-z]+(?:[-_][a-z]+)*|\d+(?:[.,]\d+)*")
_QUOTED = re.compile(r'"[^"]*"')
_CODE = re.compile(r"::=|>>>|[={}\[\]<>\\@]|\w\(|\*\*\*|\.\.\.")
_PROSE_END = re.compile(r"[.!?:][)\"”*]*$")


@cache
def corpus() -> Corpus:
    """The prose in three parts, in the treebank's style: lower case, no punctuation, one sentence a line.

    Each topic is in one part only, so that the test part has no pages of a chapter that was learned. The text is the
    same
    for the same version of Python: 43,000 words with 3.11.
    """
    from pydoc_data import topics  # half a megabyte that only this function needs

    pages = _prose_by_topic(topics.topics)
    parts: tuple[list[str], ...] = tuple([] for _ in SHARES)
    missing = [share * sum(map(len, pages)) for share in SHARES]
    # The largest topic first, each to the part that is most incomplete.
    for page in sorted(pages, key=len, reverse=True):
        neediest = missing.index(max(missing))
        parts[neediest].append(page)
        missing[neediest] -= len(page)
    return Corpus(*("".join(part) for part in parts))


def tokenize_sentence(sentence: str) -> list[str]:
    """The words of a sentence as the treebank writes them: `do n't`, `it 's`, numbers as `N`, no punctuation."""
    words: list[str] = []
    for token in _TOKEN.findall(sentence.lower().replace("’", "'")):
        if token.endswith("n't") and len(token) > 3:
            words += [token[:-3], "n't"]
        else:
            words.append("N" if token[0].isdigit() else token)
    return words


def _prose_by_topic(topics: dict[str, str]) -> list[str]:
    """One text a topic. A sentence of several topics stays only in the longest one, which is the whole chapter."""
    seen: set[str] = set()
    pages = []
    for name in sorted(topics, key=lambda name: (-len(topics[name]), name)):
        lines = [line for line in _lines(topics[name]) if line not in seen]
        seen.update(lines)
        pages.append("".join(lines))
    return pages


def _lines(topic: str) -> Iterator[str]:
    for paragraph in _paragraphs(topic):
        for sentence in _SENTENCE_END.split(paragraph):
            words = tokenize_sentence(sentence)
            if len(words) >= 3:  # fewer words are a heading or the rest of a code line
                yield " ".join(words) + "\n"


def _paragraphs(topic: str) -> Iterator[str]:
    """The paragraphs of prose, each on one line, without code, grammar rules, tables and headings."""
    for block in re.split(r"\n\s*\n", topic):
        paragraph = " ".join(block.split())
        if _is_prose(paragraph):
            yield _LINK.sub("", paragraph)


def _is_prose(paragraph: str) -> bool:
    """Whether it ends as a sentence does, and has no signs of code except in quotes."""
    return bool(_PROSE_END.search(paragraph)) and not _CODE.search(_QUOTED.sub("", paragraph))
