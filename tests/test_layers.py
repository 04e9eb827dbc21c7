"""The walls between the layers (README, "Map"): imports point downwards only."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.support.code import named, tree_of
from tests.support.evidence import ROOT

BELOW = {
    "formulas": set(),
    "errors": set(),
    "startup": set(),
    "measures": set(),
    "files": set(),
    "home": set(),
    "texts": set(),
    "arithmetic": set(),
    "config": {"errors", "formulas", "measures"},
    "presets": {"config"},
    "form": {"config", "presets"},
    "recorded": {"config", "presets"},
    "data": {"config", "errors"},
    "seeds": set(),
    "models": {"config", "errors", "files", "seeds"},
    "plots": {"config", "errors", "formulas"},
    "sentences": {"config", "formulas"},
    "generation": {"config", "data", "errors", "formulas", "models"},
    "training": {
        *("arithmetic", "config", "data", "errors", "files", "formulas", "generation", "home", "measures", "models"),
    },
    "inspection": {"measures", "config", "data", "errors", "formulas", "generation", "models", "training"},
    "export": {"config", "data", "errors", "formulas", "measures", "models", "seeds", "store"},
    "analyses": {"config", "data", "errors", "export", "formulas", "generation", "inspection", "models"},
    "store": {"files", "measures", "arithmetic", "config", "data", "errors", "home", "presets"},
    "worker": {
        "analyses",
        "arithmetic",
        "config",
        "data",
        "errors",
        "formulas",
        "generation",
        "inspection",
        "models",
        "presets",
        "startup",
        "store",
        "training",
    },
    "engine": {"files", "errors", "home", "startup", "store", "worker"},
    "visitor": {"errors"},
    "lab": {
        *("analyses", "config", "data", "engine", "errors", "files", "home", "presets", "store", "visitor", "worker"),
    },
    "take_away": {"analyses", "config", "errors", "export", "lab", "store"},
    "lessons": {
        *("analyses", "config", "data", "errors", "formulas", "inspection", "measures", "plots", "presets", "texts"),
        *("lab", "recorded", "startup", "store", "training"),
    },
    "watching": {"config", "data", "formulas", "lab", "measures", "recorded", "sentences", "store"},
    "cli": {
        "analyses",
        "files",
        "measures",
        "arithmetic",
        "config",
        "data",
        "engine",
        "errors",
        "home",
        "lab",
        "lessons",
        "presets",
        "store",
        "take_away",
        "watching",
    },
    "notebook": {
        *("analyses", "arithmetic", "config", "data", "errors", "formulas", "lab", "measures", "models", "plots"),
        *("presets", "sentences", "startup", "store", "training", "watching", "worker"),
    },
    "ui": {
        *("analyses", "arithmetic", "config", "data", "engine", "errors", "formulas", "lab", "plots", "presets"),
        *("export", "form", "lessons", "recorded", "take_away", "texts"),
        *("measures", "sentences", "store", "visitor", "watching"),
    },
    "app": {"config", "errors", "presets", "store", "ui"},
}
"""The parts that each part of the project may import. A part without a row is an error."""

ROOMS = {
    "streamlit": {"ui", "app"},
    "tensorflow": {"models", "training", "generation", "inspection"},
    "keras": {"models", "training", "generation", "inspection", "export"},
    "plotly": {"plots", "notebook", "ui", "app"},
    "sqlalchemy": {"store"},
    "distributed": {"engine"},
}
"""Libraries that only some parts may import, however late."""

PAGE_PARTS = (
    *(
        "store",
        "worker",
        "engine",
        "analyses",
        "lab",
        "visitor",
        "take_away",
        "watching",
        "lessons",
        "cli",
        "ui",
        "app",
    ),
)
"""The parts that a page's process may load."""

FILES = [*sorted((ROOT / "rnnlab").rglob("*.py")), ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]


LOADS_ALL = ROOT / "rnnlab" / "engine" / "loaded.py"
"""The file that loads TensorFlow when it is imported, as Python's copying of processes wants it. Nothing imports it."""


def part_of(file: Path) -> str:
    relative = file.relative_to(ROOT).with_suffix("").parts
    if relative[0] != "rnnlab":
        return "app"
    return relative[1]


@cache
def imports_of(file: Path) -> list[tuple[str, bool]]:
    """Every module that a file imports, and whether it is loaded with the file rather than by a function."""
    tree = tree_of(file)
    late = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node not in late) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            # What is imported from the package itself are modules.
            parts = [f".{alias.name}" for alias in node.names] if node.module == "rnnlab" else [""]
            found += [(node.module + part, node not in late) for part in parts]
    return found


def test_imports_point_downwards_only():
    """What has no place in the layers needs one, in BELOW and in the README's map."""
    wrong = []
    for file, part in ((file, part_of(file)) for file in FILES):
        if part in ("__init__", "__main__"):
            continue  # The package's face names everything, late.
        if part not in BELOW:
            wrong.append(f"{named(file)}: {part} has no place in the layers")
            continue
        for name, _ in imports_of(file):
            top, *rest = name.split(".")
            if part not in ROOMS.get(top, {part}):
                wrong.append(f"{named(file)} imports {top}, which belongs to {sorted(ROOMS[top])}")
            if top == "rnnlab" and rest and rest[0] not in (part, "__version__", *BELOW[part]):
                wrong.append(f"{named(file)} imports rnnlab.{rest[0]}, which is not below {part}")
    assert wrong == []


def test_what_pages_load_never_loads_tensorflow_with_it():
    files = [file for file in FILES if part_of(file) in PAGE_PARTS]
    at_once = [(file, name.split(".")) for file in files for name, is_at_once in imports_of(file) if is_at_once]
    assert [
        f"{named(file)} imports {'.'.join(parts)}, and TensorFlow with it, at once"
        for file, parts in at_once
        if parts[0] == "rnnlab" and len(parts) > 1 and parts[1] in ROOMS["tensorflow"]
    ] == []


def test_a_process_that_imports_all_that_pages_import_has_no_tensorflow():
    loaded = {*PAGE_PARTS, "config", "presets", "data", "plots"} - {"app"}
    modules = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for file in FILES
        if part_of(file) in loaded and "migrations" not in file.parts and file != LOADS_ALL
    ]
    code = f"import sys, importlib\nfor m in {modules!r}: importlib.import_module(m)\n"
    code += "print(sorted(m for m in sys.modules if m in ('tensorflow', 'keras')))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip().splitlines()[-1] == "[]"


def file_of(name: str) -> Path | None:
    """The file of a module of the project, None where there is none of that name."""
    path = ROOT.joinpath(*name.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def files_imported(file: Path) -> set[Path]:
    """The files of the project that a file imports, however late, or for its types alone."""
    found = set()
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {file_of(f"{node.module}.{alias.name}") or file_of(node.module) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {file_of(alias.name) for alias in node.names}
    return found - {file, None}


def test_no_file_imports_the_one_that_loads_all():
    assert LOADS_ALL in FILES
    assert not [file for file in FILES if LOADS_ALL in files_imported(file)]


def test_no_file_imports_itself_by_way_of_others():
    imports = {file: files_imported(file) for file in FILES}
    # What imports nothing that is left takes part in no circle; in the end only circles are left.
    while done := [file for file, others in imports.items() if not others & imports.keys()]:
        for file in done:
            del imports[file]
    assert not imports, f"among these files are circles: {sorted(str(file.relative_to(ROOT)) for file in imports)}"


def test_no_room_is_larger_than_a_fifth_of_the_library():
    sizes = {}
    for file in (ROOT / "rnnlab").rglob("*.py"):
        sizes[part_of(file)] = sizes.get(part_of(file), 0) + len(file.read_text().splitlines())
    largest = max(sizes, key=sizes.get)
    assert sizes[largest] <= sum(sizes.values()) / 5, f"{largest} has {sizes[largest]} of {sum(sizes.values())} lines"


PUBLIC_NAMES = """
Experiment InvalidSetting Lab LabError MemoryData ModelConfig Network Sampling SeriesData SineData StateSaver
TextData TrainingConfig
carried_state_figure carry_against_reset compare_series compare_text feed_back fit forget_gate_memory from_flat
from_json generate_series generate_series_batch generate_tokens generate_tokens_batch lines_figure load_dataset
memory_kept memory_kept_figure open_group open_run own_series own_text predict_teacher_forced preset runs
sequence_loss_by_example sweep tag_stretch to_json
"""


def test_public_names_are_those_that_users_rely_on():
    import rnnlab

    assert rnnlab.__all__ == PUBLIC_NAMES.split()
    assert set(dir(rnnlab)) == {*rnnlab.__all__, "__version__"}
    for name in rnnlab.__all__:
        assert getattr(rnnlab, name) is not None
    with pytest.raises(AttributeError):
        _ = rnnlab.nonsense
