"""What an installation has: the wheel's files, its needs, and its command."""

import os
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from rnnlab import cli

ROOT = Path(__file__).parent.parent
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with what the wheel would install."""
    source, made, installed = (tmp_path_factory.mktemp(name) for name in ("source", "made", "installed"))
    for name in ("rnnlab", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in [*ROOT.glob("*.txt"), *ROOT.glob("*.toml"), *ROOT.glob("*.py"), ROOT / "README.md"]:
        shutil.copy(file, source)
    subprocess.run([sys.executable, "-c", BUILD, str(made)], cwd=source, check=True, capture_output=True)
    with zipfile.ZipFile(next(made.glob("*.whl"))) as wheel:
        wheel.extractall(installed)
    return installed


def run_there(installed: Path, *command: str, **options) -> subprocess.CompletedProcess:
    """Run Python with the installed package and without Streamlit."""
    (installed / "streamlit.py").write_text("raise ImportError('the extra is not installed')")
    environment = os.environ | {"PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, *command], cwd=installed, env=environment, capture_output=True, text=True, **options
    )


def test_every_file_of_the_package_and_of_the_app_is_installed(installed):
    for folder, there in (
        (ROOT / "rnnlab", installed / "rnnlab"),
        (ROOT / "pages", installed / "rnnlab/app_files/pages"),
    ):
        wanted = {file.relative_to(folder) for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc"}
        assert wanted <= {file.relative_to(there) for file in there.rglob("*")}
    for name in ("app.py", ".streamlit/config.toml"):
        assert (installed / "rnnlab/app_files" / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_library_needs_nothing_of_the_app(installed):
    lines = next(installed.glob("*.dist-info/METADATA")).read_text().splitlines()
    needs = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist")]
    of_app = {re.match(r"[\w-]+", need)[0] for need in needs if re.search(r"extra == .app.", need)}
    assert of_app == {"streamlit", "uvloop", "pyarrow"}
    assert {"tqdm", "pandas", "keras"} <= {re.match(r"[\w-]+", need)[0] for need in needs} - of_app
    included = re.findall(r"^-r (.*)$", (ROOT / "requirements.txt").read_text(), re.M)
    stated = {line for name in included for line in (ROOT / name).read_text().splitlines()}
    assert len(stated) == len(needs)


def test_the_command_is_the_command_line(installed):
    assert "rnnlab = rnnlab.cli:main" in next(installed.glob("*.dist-info/entry_points.txt")).read_text()


def test_without_the_app_the_library_is_imported_and_the_app_says_what_is_missing(installed):
    code = "import rnnlab; print(rnnlab.preset('sine').name, rnnlab.fit.__name__, rnnlab.Lab.__name__, rnnlab.__file__)"
    done = run_there(installed, "-c", code, check=True)
    assert done.stdout.split() == ["sine", "fit", "Lab", str(installed / "rnnlab/__init__.py")]
    assert done.stderr == ""
    there = "import sys; sys.modules['streamlit'] = None; from rnnlab.cli import main; sys.exit(main(['app']))"
    refused = run_there(installed, "-c", there)
    assert refused.returncode == 2
    assert refused.stderr == "The app needs Streamlit, which is not installed; run pip install 'rnnlab[app]'.\n"


def test_the_installed_app_is_found(installed):
    found = run_there(installed, "-c", "from rnnlab.cli.commands import _app_folder; print(_app_folder())", check=True)
    assert found.stdout.strip() == str(installed / "rnnlab/app_files")


def test_the_app_is_started_with_streamlits_options_and_absolute_folders(monkeypatch, tmp_path):
    started = []
    monkeypatch.setattr(runpy, "run_module", lambda name, run_name: started.append((name, run_name, Path.cwd())))
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RNNLAB_HOME", "lab")
    assert cli.main(["app", "--server.port", "8600"]) == 0
    assert started == [("streamlit", "__main__", ROOT)]
    assert sys.argv == ["streamlit", "run", "app.py", "--server.port", "8600"]
    assert os.environ["RNNLAB_HOME"] == str(tmp_path / "lab")
