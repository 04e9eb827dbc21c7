"""How the house is kept: each idea has one home, and words of it are not repeated elsewhere."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from rnnlab.measures import MEASURES
from tests.support.code import named, tree_of
from tests.support.evidence import ROOT

LIBRARY = sorted((ROOT / "rnnlab").rglob("*.py"))
ENTRIES = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]
TOOLS = [file for folder in ("benchmarks", "scripts") for file in sorted((ROOT / folder).rglob("*.py"))]
EVERY = [*LIBRARY, *ENTRIES, *TOOLS]
SCREENS = [file for file in LIBRARY if "ui" in file.parts]
MARKDOWN = sorted((ROOT / "rnnlab" / "ui").rglob("*.md"))

LONGEST = 120
"""Characters of a text that may stand in a screen's code: one line."""


@cache
def strings_of(file: Path) -> list[tuple[int, str]]:
    """Every text in the code of a file, with its line; documentation is left out, a value in an f-string becomes {}."""
    tree = tree_of(file)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = []
    for node in ast.walk(tree):
        if id(node) in alone | inside:
            continue
        if isinstance(node, ast.JoinedStr):
            words = "".join(str(getattr(part, "value", "{}")) for part in node.values if not is_value(part))
            found.append((node.lineno, words))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append((node.lineno, node.value))
    return found


def places(files: list[Path], is_wrong) -> list[str]:
    """Where the code of these files has such texts."""
    return [f"{named(file)}:{line}: {text}" for file in files for line, text in strings_of(file) if is_wrong(text)]


def is_value(part: ast.expr) -> bool:
    return isinstance(part, ast.FormattedValue)


def is_prose(text: str) -> bool:
    """No style sheet and no code."""
    return not re.search(r"<style>|[;{}]\s*$|\{[^}]*:[^}]*;", text)


def test_a_text_longer_than_a_line_is_in_a_markdown_file():
    """Beside the screen, and read with `texts_beside`."""
    assert places([*SCREENS, *ENTRIES], lambda text: len(text) > LONGEST and is_prose(text)) == []


def test_what_is_drawn_alone_stands_alone():
    """See `drawn_alone`: beside something else, a fragment can leave the page white."""
    calls = [named(file) for file in [*SCREENS, *ENTRIES] if re.search(r"\bst\.fragment\b", file.read_text("utf-8"))]
    assert calls == ["rnnlab/ui/widgets/fragments.py"]


@pytest.mark.parametrize("file", MARKDOWN, ids=named)
def test_every_text_beside_a_screen_is_shown(file):
    from rnnlab.ui.markdown import texts_beside

    texts = texts_beside(str(file.with_suffix(".py")))
    assert texts
    assert all(texts.values())
    strings = {text for _, text in strings_of(file.with_suffix(".py"))}
    assert set(texts) <= strings, f"no line of {file.with_suffix('.py').name} names {set(texts) - strings}"


def test_the_texts_of_a_file_are_read_by_their_headings(tmp_path):
    from rnnlab.ui.markdown import texts_beside

    (tmp_path / "screen.md").write_text("# A title\n\n## one\nA line\nand its rest.\n\nMore.\n\n## two words\n*B*\n")
    assert texts_beside(str(tmp_path / "screen.py")) == {"one": "A line and its rest.\n\nMore.", "two words": "*B*"}


ALSO_A_SETTING = {"learning_rate"}
FROZEN = "migrations"
"""A migration does not follow later changes of a table."""


def test_a_measure_is_named_by_its_row_only():
    """That is, by a row of rnnlab/measures.py."""
    files = [file for file in EVERY if file.name != "measures.py" and FROZEN not in file.parts]
    assert places(files, (MEASURES.keys() - ALSO_A_SETTING).__contains__) == []


def test_nobody_asks_a_data_section_for_its_class():
    """What differs between them is a value of the section or of `experiment.task`."""
    asks = re.compile(r"isinstance\([^)]*\b(SineData|TextData)\b")
    elsewhere = [file for file in EVERY if not {"config", "data"} & set(file.parts)]
    assert [named(file) for file in elsewhere if asks.search(file.read_text("utf-8"))] == []


def test_what_a_task_is_like_is_read_from_its_row():
    everywhere = [*LIBRARY, *ENTRIES, *TOOLS, *(ROOT / "tests").rglob("*.py")]
    lines = [line for file in everywhere for line in file.read_text("utf-8").splitlines()]
    assert sum("is_" + "text" in line for line in lines) <= 5


def test_nouns_agree_with_their_numbers():
    """No `2 layer(s)`: `rnnlab.config.counted` says `1 layer` and `2 layers`."""
    assert places(EVERY, re.compile(r"[a-z]\(s\)").search) == []
