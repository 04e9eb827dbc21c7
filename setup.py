"""Put the app's entry and its pages into the package, so that `rnnlab app` has them wherever it is installed.

Everything else is in pyproject.toml. In this folder they stay where `streamlit run app.py` looks for them.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["rnnlab*"]), "rnnlab.app_files", "rnnlab.app_files.pages"],
    package_dir={"rnnlab.app_files": ".", "rnnlab.app_files.pages": "pages"},
)
