"""Write docs/reference.md and docs/lessons.md from the code: `python scripts/reference.py`.

A test compares the pages with the tables, so they must be written again after a row has changed.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from rnnlab import config  # noqa: E402
from rnnlab.analyses.table import QUESTIONS  # noqa: E402
from rnnlab.config.feeding import EVERY_WAY  # noqa: E402
from rnnlab.data.dataset import READERS  # noqa: E402
from rnnlab.lessons.table import LESSONS  # noqa: E402
from rnnlab.measures import MEASURES  # noqa: E402
from rnnlab.presets import PRESETS  # noqa: E402
from rnnlab.ui.table import SCREENS  # noqa: E402

PAGE = ROOT / "docs" / "reference.md"

LESSONS_PAGE = ROOT / "docs" / "lessons.md"

LESSONS_HEAD = """# Lessons

What a teacher should know of each lesson: its link, its question, what it asserts, and notes. They reveal the results,
so they are not for the class. `python scripts/reference.py` writes this page from `rnnlab/lessons/`; do not edit it
by hand.

A lesson asks a question, takes a prediction, runs one experiment and shows it against the prediction. At the end,
students can change a few settings. A link can choose others: `/lessons?lesson=own-voice&controls=units,learning_rate`.
`python -m rnnlab lessons --predictions` prints what a class has predicted, as CSV. `python -m rnnlab lessons --claims`
trains every experiment with ten seeds, and prints for how many of them the claim holds.
"""

HEAD = """# Reference

Every setting, cell, corpus, task, preset, way of feeding, measure, analysis and screen, as the code declares them.
`python scripts/reference.py` writes this page; do not edit it by hand.
"""

SECTIONS = {
    "A wave (`data` is `sine`)": config.SineData,
    "A series of one's own (`data` is `series`)": config.SeriesData,
    "A text (`data` is `text`)": config.TextData,
    "A memory task (`data` is `memory`)": config.MemoryData,
    "The network": config.ModelConfig,
    "The training": config.TrainingConfig,
    "The experiment": config.Experiment,
}


def reference() -> str:
    """The whole page."""
    parts = [
        HEAD,
        "## Settings",
        "Each is a field, a parameter of a link, an option of the command line and a key of JSON.",
    ]
    for title, section in SECTIONS.items():
        parts += [
            f"### {title}",
            _table(("setting", "default", "allowed", "what it does", "in TensorFlow 1", "source"), _settings(section)),
        ]
    parts += ["## Cells", _table(("`cell`", "label", "gates", "TF1", "settings of its own", "source"), _cells())]
    corpora = [(f"`{name}`", corpus.label, _has_floor(name)) for name, corpus in config.CORPORA.items()]
    parts += ["## Corpora", _table(("`corpus`", "label", "lowest perplexity known"), corpora)]
    parts += ["## Tasks", _table(("task", "what is asked", "tags", "measured at the end of an epoch or run"), _tasks())]
    presets = [(f"`{preset.name}`", preset.about, preset.expect) for preset in PRESETS.values()]
    parts += ["## Presets", _table(("`preset`", "what it is", "what to expect"), presets)]
    ways = [(f"`{way.key}`", way.label, _yes(way.is_right)) for way in EVERY_WAY.values()]
    parts += ["## Ways of feeding an output back", _table(("`way`", "label", "right"), ways)]
    measures = [(f"`{m.name}`", m.label, m.unit, m.when, m.of) for m in MEASURES.values()]
    parts += ["## Measures", _table(("measure", "label", "unit", "when", "of"), measures)]
    parts += ["## Analyses", _table(("analysis", "parameters", "what it answers"), _analyses())]
    parts += ["## Screens", _table(("screen", "page", "parameters of its link"), _screens())]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _settings(section: type) -> Iterable[Sequence[str]]:
    for name, row, kind in config.settings_of(section):
        default = config.default_of(name)
        written = str(default).lower() if isinstance(default, bool) else str(default)
        yield f"`{name}`", f"`{written}`" if written else "empty", row.range_text(kind), row.help, row.tf1, row.source


def _cells() -> Iterable[Sequence[str]]:
    for name, cell in config.CELL_KINDS.items():
        own = ", ".join(f"`{setting}`" for setting in cell.settings)
        yield f"`{name}`", cell.label, str(cell.gates), cell.tf1, own, cell.source


def _analyses() -> Iterable[Sequence[str]]:
    for name, question in QUESTIONS.items():
        parameters = ", ".join(f"`{field.name}`" for field in dataclasses.fields(question))
        yield f"`{name}`", parameters, (inspect.getdoc(question) or "").partition("\n")[0]


def _screens() -> Iterable[Sequence[str]]:
    for screen in SCREENS.values():
        yield screen.title, f"`{screen.page}`", ", ".join(f"`{name}`" for name in screen.parameters)


def _tasks() -> Iterable[Sequence[str]]:
    for name, task in config.TASKS.items():
        measures = ", ".join(f"`{measure.name}`" for measure in task.epoch_measures)
        yield f"`{name}`", task.about, ", ".join(task.tags), measures


def _has_floor(corpus: str) -> str:
    return _yes(corpus in READERS and READERS[corpus].floor is not None)


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    """A text in which Markdown finds no end of a cell and no HTML, such as `<unk>`."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def lessons() -> str:
    """The page of the lessons."""
    parts = [LESSONS_HEAD]
    for number, lesson in enumerate(LESSONS.values(), start=1):
        parts += [
            f"## {number}. {lesson.title}",
            f"{lesson.question} {lesson.minutes} minutes. Link: `/lessons?lesson={lesson.id}`",
            f"Settings that a student may change: {', '.join(f'`{name}`' for name in lesson.controls)}.",
            f"**Asserted.** {lesson.texts['claim']} (Source: {lesson.source}.)",
            lesson.texts["teacher"],
        ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


if __name__ == "__main__":
    LESSONS_PAGE.write_text(lessons(), encoding="utf-8")
    PAGE.write_text(reference(), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")
