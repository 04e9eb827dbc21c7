"""The lab's folder on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs


def home_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of everything that belongs to this machine: what `RNNLAB_HOME` names, or the user's data folder."""
    return Path(environment.get("RNNLAB_HOME") or platformdirs.user_data_dir("rnnlab")).expanduser().absolute()
