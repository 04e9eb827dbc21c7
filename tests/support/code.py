"""The project's own code, as tests read it."""

import ast
from functools import cache
from pathlib import Path

from tests.support.evidence import ROOT


def named(file: Path) -> str:
    """Where a file is in the project."""
    return str(file.relative_to(ROOT))


@cache
def tree_of(file: Path) -> ast.Module:
    """The code of a file, parsed once for all tests of a process."""
    return ast.parse(file.read_text("utf-8"))
