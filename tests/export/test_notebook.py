"""An exported notebook is run from top to bottom by a clean kernel, and gives the numbers of the run."""

import dataclasses

import nbformat
import pytest

from rnnlab.config import Experiment, SeriesData, TextData, from_flat, to_flat
from rnnlab.export.exported import ExportedRun
from rnnlab.export.notebook import notebook_bytes, notebook_files
from rnnlab.measures import VALID_LOSS
from rnnlab.presets import PRESETS
from tests.export.conftest import SERIES, TEXT, trained
from tests.support.notebooks import run_notebook

PROBE = f"""
import json
print(json.dumps(run.curve({VALID_LOSS.name!r})[1].tolist()))
"""


def notebook_of(exported):
    return nbformat.reads(notebook_bytes(exported).decode(), as_version=4)


def code_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::RuntimeWarning")
def test_a_notebook_of_an_own_text_trains_the_same_run(tmp_path):
    settings = {"units": 5, "batch_size": 4, "num_steps": 5, "epochs": 2, "precision": "float32"}
    run, exported = trained(tmp_path, "ptb-demo", settings, ("own.txt", TEXT))
    for name, content in notebook_files(exported).items():
        (tmp_path / name).write_bytes(content)
    notebook = nbformat.read(tmp_path / "notebook.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(PROBE))
    run_notebook(notebook, tmp_path)
    assert not [one for cell in notebook.cells for one in cell.get("outputs", []) if one.get("name") == "stderr"]
    printed = "".join(output.text for output in notebook.cells[-1].outputs)
    assert printed.strip() == str(run.curve(VALID_LOSS.name)[1].tolist())
    figures = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    assert any("application/vnd.plotly.v1+json" in figure.data for figure in figures)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_every_notebook_is_valid_and_has_the_settings_of_its_run(preset):
    exported = ExportedRun("A *run* <b>", preset.experiment, own_text=SERIES)
    notebook = notebook_of(exported)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    names = {}
    code = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
    exec(code, names)
    assert names["experiment"] == preset.experiment
    compile(code_of(notebook), "notebook", "exec")
    assert "\\*run\\* \\<b\\>" in notebook.cells[0].source


@pytest.mark.parametrize(
    ("data", "file"), [(TextData(corpus="upload"), "own-text.txt"), (SeriesData(), "own-series.csv")]
)
def test_a_file_of_ones_own_lies_beside_the_notebook(data, file):
    files = notebook_files(ExportedRun("A run", Experiment(data=data), own_text="line\n"))
    assert files[file] == b"line\n"
    assert f'file="{file}"' in files["notebook.ipynb"].decode().replace('\\"', '"')


def test_settings_that_hold_quotes_stay_texts():
    data = dataclasses.replace(SeriesData(), column="""it's "rain" \\""")
    exported = ExportedRun("A run", Experiment(data=data), own_text=SERIES)
    names = {}
    exec(next(cell.source for cell in notebook_of(exported).cells if cell.cell_type == "code"), names)
    assert to_flat(names["experiment"])["column"] == data.column
    assert from_flat(to_flat(names["experiment"])) == names["experiment"]
