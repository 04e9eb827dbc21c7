"""A passage of text with the network's expectation at each word, as an HTML table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

STYLE = """
<style>
.passage {overflow-x: auto;}
.passage table {border-collapse: separate; border-spacing: 3px; font-size: .85rem; width: 100%;}
.passage th {text-align: left; font-weight: 500; opacity: .65; padding: 0 .4rem;}
.passage td {padding: .2rem .4rem; border-radius: .3rem; white-space: nowrap;}
.passage td small {opacity: .65; margin-left: .3rem; font-variant-numeric: tabular-nums;}
.passage .hit {outline: 1.5px solid #0f9488;}
</style>
"""


def passage_table(
    words: Sequence[str],
    top_words: Sequence[Sequence[str]],
    top_probabilities: np.ndarray,
    true_probabilities: np.ndarray,
    noun: str = "word",
) -> str:
    """HTML: a row for each token, the true one first and then the network's guesses; a darker cell is more probable.

    Args:
        words: the T true words.
        top_words: for each of them the K most probable tokens, most probable first.
        top_probabilities: (T, K).
        true_probabilities: (T,).
        noun: the name of a token, `word` or `character`.
    """
    guesses = len(top_words[0]) if len(words) else 0
    head = f"<th>True {noun}</th>" + "".join(f"<th>{_ordinal(rank)} guess</th>" for rank in range(guesses))
    rows = [
        _row(word, top, probabilities, float(true))
        for word, top, probabilities, true in zip(words, top_words, top_probabilities, true_probabilities, strict=True)
    ]
    return f'{STYLE}<div class="passage"><table><tr>{head}</tr>{"".join(rows)}</table></div>'


def _row(word: str, top: Sequence[str], probabilities: np.ndarray, true: float) -> str:
    truth = _cell(word, true, "224, 102, 43", is_hit=False)
    guesses = [
        _cell(guess, float(p), "15, 148, 136", guess == word) for guess, p in zip(top, probabilities, strict=True)
    ]
    return f"<tr>{truth}{''.join(guesses)}</tr>"


def _cell(word: str, probability: float, color: str, is_hit: bool) -> str:
    tint = f"background: rgba({color}, {0.05 + 0.6 * probability:.2f})"
    mark = ' class="hit"' if is_hit else ""
    return f'<td{mark} style="{tint}">{escape(visible(word))}<small>{_percent(probability)}</small></td>'


def visible(token: str) -> str:
    """A token as it is shown: blanks become visible signs."""
    return {" ": "␣", "\t": "⇥"}.get(token, token)


def _percent(probability: float) -> str:
    return (
        f"{probability:.0%}"
        if probability >= 0.1
        else f"{probability:.1%}"
        if probability >= 0.001
        else "<0.1%".replace("<", "&lt;")
    )


def _ordinal(rank: int) -> str:
    return ("1st", "2nd", "3rd")[rank] if rank < 3 else f"{rank + 1}th"
