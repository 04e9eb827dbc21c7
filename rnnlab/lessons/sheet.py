"""A lesson as a sheet to print: the question, one's own prediction, what happened, and room for notes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from rnnlab.lessons.lesson import DONT_KNOW, Lesson
from rnnlab.lessons.results import Seen

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>
<style>
body {{font: 12pt/1.5 serif; max-width: 42em; margin: 2em auto; padding: 0 1em;}}
.notes {{height: 2.2em; border-bottom: 1px solid #888;}}
@media print {{body {{margin: 0;}}}}
</style></head>
<body>
<h1>{title}</h1>
{parts}
<h2>Notes</h2>
{notes}
</body>
</html>
"""

NOTES = 6
"""Lines to write on."""


def sheet(lesson: Lesson, predicted: Mapping[str, str], seen: Seen) -> str:
    """The page as HTML that needs nothing from elsewhere.

    Args:
        predicted: what its owner has predicted, by step.
        seen: what the experiment came to.
    """
    parts = []
    for ask in lesson.asks:
        prediction = ask.words(predicted.get(ask.step, DONT_KNOW))
        parts += [
            f"<h2>Question</h2>{as_html(lesson.texts[f'ask {ask.step}'])}",
            f"<p><b>My prediction:</b> {escape(prediction)}</p>",
            f"<p><b>The experiment:</b> {escape(ask.words(seen.right[ask.step]))}</p>",
            as_html(lesson.told(ask.step, seen.numbers)),
        ]
    parts.append(f"<h2>Change one thing</h2>{as_html(lesson.texts['change'])}")
    notes = '<div class="notes"></div>\n' * NOTES
    return PAGE.format(title=escape(lesson.title), parts="\n".join(parts), notes=notes)


def as_html(markdown: str) -> str:
    """Paragraphs with bold words, code and links, which is all that lessons use."""
    text = escape(markdown, quote=False)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"`(.+?)`", r"<code>\1</code>", text)
    return "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
