"""The docs name every row of every table, and only files and commands that exist."""

import dataclasses
import re
import runpy
import shlex
from pathlib import Path

import pytest

import rnnlab
from rnnlab import cli, config
from rnnlab.analyses.table import QUESTIONS
from rnnlab.config.feeding import EVERY_WAY
from rnnlab.data.dataset import READERS
from rnnlab.measures import MEASURES
from rnnlab.notebook import RunGroup, TrainedRun
from rnnlab.presets import PRESETS
from rnnlab.ui.table import SCREENS

ROOT = Path(__file__).parent.parent
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "benchmarks" / "README.md", *(ROOT / "docs").rglob("*.md")]
REFERENCE = ROOT / "docs" / "reference.md"
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py") if path.name != "test_docs.py")

TABLES = {
    "setting": list(config.all_settings()),
    "cell": list(config.CELL_KINDS),
    "corpus": list(config.CORPORA),
    "shape of wave": list(config.all_settings()["shape"][0].choices),
    "preset": list(PRESETS),
    "way of feeding": list(EVERY_WAY),
    "measure": list(MEASURES),
    "task": list(config.TASKS),
    "analysis": list(QUESTIONS),
    "screen": [screen.page for screen in SCREENS.values()],
}
TESTED_TOGETHER = ("preset", "screen")
"""Tables whose rows a test takes all at once: `test_presets.py` and `ui/test_pages.py`."""

ROWS = [(table, name) for table, names in TABLES.items() for name in names]

FILE_NAME = re.compile(r"(?<![\w/:.-])[\w.-]+(?:/[\w.-]+)*\.(?:py|md|toml|txt|yml|yaml|json|png)\b")

PLACEHOLDERS = {
    *("pages/NAME.py", "rnnlab/ui/screens/NAME.py", "rnnlab/ui/screens/NAME.md"),
    *(f"rnnlab/lessons/short_window/{name}" for name in ("__init__.py", "lesson.py", "lesson.md")),
    *("rnnlab/data/rhymes.py", "tests/data/test_rhymes.py", "rnnlab/data/copying.py"),
}
"""Files that the reader of a recipe makes."""

FROM_OUTSIDE = {"ptb.train.txt", "ptb.valid.txt", "ptb.test.txt", "story.txt", "arithmetic.json"}
"""Files that a user has, or that a run makes."""


def test_the_reference_is_what_the_tables_say():
    reference = runpy.run_path(str(ROOT / "scripts" / "reference.py"))["reference"]
    assert REFERENCE.read_text(encoding="utf-8") == reference(), "run `python scripts/reference.py`"


def test_the_page_of_the_lessons_is_what_they_declare():
    lessons = runpy.run_path(str(ROOT / "scripts" / "reference.py"))["lessons"]
    assert (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8") == lessons(), "run `python scripts/reference.py`"


@pytest.mark.parametrize(("table", "name"), ROWS)
def test_every_row_is_named_in_the_reference(table, name):
    assert name in re.findall(r"[\w/.-]+", REFERENCE.read_text(encoding="utf-8")), "run `python scripts/reference.py`"


@pytest.mark.parametrize(("table", "name"), [row for row in ROWS if row[0] not in TESTED_TOGETHER])
def test_every_row_is_named_in_a_test(table, name):
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", TESTS), f"no test names the {table} {name}"


def test_the_library_page_has_every_public_name_once():
    text = (ROOT / "docs" / "library.md").read_text()
    assert sorted(re.findall(r"^\| `(\w+)` \|", text, re.M)) == rnnlab.__all__


def test_the_library_page_names_methods_that_exist():
    text = (ROOT / "docs" / "library.md").read_text()
    fields = {field.name for field in dataclasses.fields(TrainedRun)}
    for owner, name in re.findall(r"`(run|group)\.(\w+)", text):
        kind = TrainedRun if owner == "run" else RunGroup
        assert hasattr(kind, name) or name in fields, f"docs/library.md names {owner}.{name}"


def test_every_corpus_has_a_reader():
    assert {*READERS, config.UPLOAD} == set(config.CORPORA)


def test_every_screen_has_its_page_and_its_parts():
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == set(SCREENS)
    screens = [path for path in (ROOT / "rnnlab/ui/screens").iterdir() if not path.name.startswith("__")]
    assert {path.stem for path in screens} == set(SCREENS)


def test_every_setting_is_an_option_of_the_command_line(capsys):
    with pytest.raises(SystemExit):
        cli.main(["train", "--help"])
    helped = capsys.readouterr().out
    for name in config.all_settings():
        assert f"--{name.replace('_', '-')} " in helped


def test_every_room_is_in_the_architecture():
    text = (ROOT / "docs/architecture.md").read_text()
    rooms = [path for path in (ROOT / "rnnlab").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()]
    for path in rooms:
        if path.stem not in ("__init__", "__main__"):
            written = f"`rnnlab/{path.name}`" if path.suffix else f"`rnnlab/{path.name}/`"
            assert written in text, f"docs/architecture.md does not name {written}"


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_every_file_that_is_named_exists(doc):
    for name in set(FILE_NAME.findall(doc.read_text())) - PLACEHOLDERS - FROM_OUTSIDE:
        bases = [ROOT, ROOT / "rnnlab", doc.parent, *(ROOT / "rnnlab").iterdir()]
        assert any((base / name).is_file() for base in bases), f"{doc.name} names {name}, which does not exist"


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_every_link_leads_somewhere(doc):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]*)?\)", doc.read_text()):
        assert (doc.parent / target).exists(), f"{doc.name} links to {target}, which does not exist"


def test_the_commands_of_the_recipes_exist(capsys):
    text = (ROOT / "CONTRIBUTING.md").read_text()
    commands = re.findall(r"`(python -m rnnlab [^`]+|scripts/\w+[^`]*|python scripts/[^`]+)`", text)
    assert len(commands) >= 4
    for command in commands:
        program, *arguments = shlex.split(command)
        if program != "python":
            assert (ROOT / program).is_file()
            paths = [argument for argument in arguments if "/" in argument]
            assert all((ROOT / path).exists() for path in paths), command
        elif arguments[0] == "-m":
            with pytest.raises(SystemExit):
                cli.main([arguments[2], "--help"])
            helped = capsys.readouterr().out
            assert all(option in helped for option in arguments[3:] if option.startswith("--")), command
        else:
            assert (ROOT / arguments[0]).is_file()


def test_the_names_in_recipes_exist():
    """Tables and functions that the recipes of CONTRIBUTING.md change."""
    code = TESTS + "\n".join(path.read_text() for path in (ROOT / "rnnlab").rglob("*.py"))
    text = (ROOT / "CONTRIBUTING.md").read_text()
    names = set(re.findall(r"`([A-Z][A-Z_]{3,}|_[a-z_]+|_[A-Z]+)`", text))
    assert {"CELLS", "READERS", "CORPORA", "QUESTIONS", "MEASURES", "SCREENS", "_due_measurements"} <= names
    for name in names:
        assert re.search(rf"\b{name}\b", code), f"CONTRIBUTING.md names {name}, which is nowhere in the code"
