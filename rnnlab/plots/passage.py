"""A passage of text with what the network expected at each word: tints for its words, and a table, as HTML and CSS."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

MOST_NATS = 10
"""Surprise from which a word is not tinted any darker: as one of 22,000 equally likely words."""

TRUE_COLOUR, GUESS_COLOUR = "224, 102, 43", "15, 148, 136"

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
        words: the T true words, as one can see them.
        top_words: for each of them the K most probable tokens, most probable first, as one can see them.
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
    truth = _cell(word, true, TRUE_COLOUR, is_hit=False)
    guesses = [_cell(guess, float(p), GUESS_COLOUR, guess == word) for guess, p in zip(top, probabilities, strict=True)]
    return f"<tr>{truth}{''.join(guesses)}</tr>"


def _cell(word: str, probability: float, color: str, is_hit: bool) -> str:
    tint = f"background: rgba({color}, {0.05 + 0.6 * probability:.2f})"
    mark = ' class="hit"' if is_hit else ""
    return f'<td{mark} style="{tint}">{escape(word)}<small>{_percent(probability)}</small></td>'


def pick_style(surprises: np.ndarray, key: str) -> str:
    """CSS that tints the buttons of a passage by surprise.

    Args:
        surprises: (T,), in nats.
        key: of the container around the buttons.
    """
    return tinted_buttons([tint(float(surprise)) for surprise in surprises], key)


def tinted_buttons(backgrounds: Sequence[str], key: str) -> str:
    """CSS that gives each button of a passage its background.

    Args:
        backgrounds: (T,), CSS colours.
        key: of the container around the buttons.
    """
    group = f'.st-key-{key} [role="radiogroup"]'
    tints = "".join(
        f"{group} > :nth-child({i}) {{background: {background} !important;}}"
        for i, background in enumerate(backgrounds, start=1)
    )
    return f"""<style>
{group} {{gap: .2rem !important;}}
{group} > * {{padding: 0 .3rem !important; min-height: 1.7rem !important; border-color: transparent !important;
  color: inherit !important; border-radius: .3rem !important;}}
{group} > * small {{opacity: .75; font-variant-numeric: tabular-nums;}}
{group} > [data-selected] {{border-color: currentColor !important; font-weight: 600;}}
{tints}
</style>"""


def tint(surprise: float) -> str:
    """The background of a word of that surprise, readable below dark and light letters."""
    share = min(max(surprise / MOST_NATS, 0.0), 1.0) if np.isfinite(surprise) else 1.0
    return f"rgba({TRUE_COLOUR}, {0.6 * share:.2f})"


def tint_legend() -> str:
    """HTML: what the tints mean."""
    numbers = {**{number: str(number) for number in range(0, MOST_NATS, 2)}, MOST_NATS: f"{MOST_NATS} or more"}
    swatches = "".join(
        f'<span style="background: {tint(number)}; padding: .1rem .5rem; border-radius: .3rem">{words}</span>'
        for number, words in numbers.items()
    )
    return f'<div style="font-size: .8rem">Surprise in nats: {swatches}</div>'


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
