"""A notebook run as Jupyter runs it."""

from __future__ import annotations

import os
from pathlib import Path

import nbclient
from nbformat import NotebookNode

from tests.support.waiting import HANGS

ROOT = Path(__file__).parents[2]


def run_notebook(notebook: NotebookNode, folder: Path) -> None:
    """Run all cells in a kernel of its own, which imports this folder's package; the outputs are left in the notebook.

    Args:
        notebook: it is changed.
        folder: where it runs.
    """
    client = nbclient.NotebookClient(notebook, timeout=HANGS, resources={"metadata": {"path": str(folder)}})
    # A kernel that finds pytest's variable does not show what C++ code writes to stderr. In Jupyter it does.
    mine = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    client.execute(env=mine | {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), mine.get("PYTHONPATH")]))})
