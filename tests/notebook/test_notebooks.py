"""The notebooks of the folder `notebooks` run from top to bottom in a clean kernel, and show what they promise."""

import ast
import json
import sys

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from rnnlab.store.location import Location
from tests.support.labs import end_engine
from tests.support.notebooks import ROOT, run_notebook

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

PLOTLY, WIDGET = "application/vnd.plotly.v1+json", "application/vnd.jupyter.widget-view+json"


class Executed:
    """A notebook after it has run."""

    def __init__(self, notebook: nbformat.NotebookNode):
        self.outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        self._by_id = {cell.id: cell.get("outputs", []) for cell in notebook.cells}

    def result(self, cell: str):
        """The value that a cell shows, of plain Python."""
        (output,) = [one for one in self._by_id[cell] if one.output_type == "execute_result"]
        return ast.literal_eval(output.data["text/plain"])

    def figures(self) -> list[dict]:
        """Every Plotly figure that is shown in the end."""
        return [output.data[PLOTLY] for output in self.outputs if PLOTLY in output.get("data", {})]


@pytest.fixture
def execute(monkeypatch, tmp_path):
    """Runs a notebook as Jupyter does, with a lab of its own."""
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path))
    monkeypatch.delenv("RNNLAB_PTB", raising=False)

    def run(number: int) -> Executed:
        notebook = nbformat.read(NOTEBOOKS[number - 1], as_version=4)
        run_notebook(notebook, tmp_path)
        return Executed(notebook)

    yield run
    end_engine(Location.from_environment())


@pytest.fixture
def shell(monkeypatch, tmp_path):
    """What executes the cells of a notebook."""
    monkeypatch.setenv("RNNLAB_HOME", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # which a shell replaces
    made = InteractiveShell(history_manager=None)
    monkeypatch.setattr(made, "history_manager", None)
    return made


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_it_is_kept_without_outputs_and_one_line_of_code_a_line_of_the_file(file):
    notebook = json.loads(file.read_text("utf-8"))
    nbformat.validate(notebook)
    for cell in notebook["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert all("\n" not in line.removesuffix("\n") for line in cell["source"])
        assert len(cell["source"]) <= 16, "one idea a cell"
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}


def check_nothing_is_spilled(executed: Executed) -> None:
    """Bars are widgets, and neither TensorFlow nor a warning writes into a cell."""
    assert [output for output in executed.outputs if output.get("name") == "stderr"] == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("rnnlab.fit('sin')", "did you mean sine"),
        ("rnnlab.fit('sine', unit=3)", "did you mean units"),
        ("rnnlab.openrun('x')", "did you mean open_run"),
        ("rnnlab.open_run('nothing')", "There is no run 'nothing'"),
    ],
)
def test_a_mistake_is_one_sentence_in_a_notebook(shell, code, sentence):
    written = []
    shell._showtraceback = lambda kind, error, lines: written.extend(lines)
    shell.run_cell(f"import rnnlab; {code}")
    (line,) = written
    assert sentence in line
    assert "\n" not in line


def test_the_sine_question(execute):
    done = execute(1)
    check_nothing_is_spilled(done)
    assert done.result("np-allclose-made-run-generate") is True
    # The live curves of both fits in their last state, and the five figures that are asked for.
    assert len(done.figures()) == 2 + 5
    live = done.figures()[0]
    assert live["data"][0]["name"] == "train"
    assert any(WIDGET in output.get("data", {}) for output in done.outputs)
    assert any("text/html" in output.get("data", {}) for output in done.outputs)  # the card


def test_ptb_word_lm_part_by_part(execute):
    done = execute(2)
    check_nothing_is_spilled(done)
    untrained, words = done.result("losses-rnnlab-sequence-loss-by")
    assert untrained == pytest.approx(words, rel=0.05)
    assert done.result("following-streams-window-1-training") is True
    assert done.result("initial-state-network-zero-state") > 1e-4
    assert done.result("from-rnnlab-training-import-learning") == ([1.0, 1.0, 0.5], 5.0)
    assert len(done.figures()) == 1 + 4


def test_forget_bias_and_memory(execute):
    done = execute(3)
    check_nothing_is_spilled(done)
    measured, expected = done.result("kept-rnnlab-memory-kept-forget")
    assert measured == pytest.approx(expected, rel=1e-4)
    (finals,) = [figure for figure in done.figures() if figure["layout"]["xaxis"].get("type") == "category"]
    medians = [line["y"][0] for line in finals["data"] if line["marker"].get("symbol") == "line-ew"]
    assert len(medians) == 3
    assert medians[2] > max(medians[:2]) + 0.3  # only the open forget gate recalls


def test_inside_and_the_nudge(execute):
    done = execute(4)
    check_nothing_is_spilled(done)
    left = done.result("way-float-distance-1-distance")
    assert left["teacher-forced"] < 0.01
    assert left["free-running"] > 10 * left["teacher-forced"]
