"""What a person asks to be trained, as an experiment: a preset, an experiment or data of one's own, and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnlab.config import OWN_FILE, Experiment, InvalidSetting, all_settings, from_flat
from rnnlab.config.flat import nearest_setting
from rnnlab.config.table import shown
from rnnlab.data import TextMissing, read_own_text, with_own_text
from rnnlab.errors import LabError
from rnnlab.notebook.own_data import OwnData, is_series_file
from rnnlab.presets import PRESET_OF_KIND, preset

Start = str | Experiment | OwnData
"""A preset's name, an experiment, or what `own_text` and `own_series` give."""


@dataclass(frozen=True)
class Plan:
    """What will be trained.

    Attributes:
        experiment: all settings.
        preset: the name of the preset that they came from; None for an experiment.
        text: of the file of one's own that it learns from; None if it learns from something else.
    """

    experiment: Experiment
    preset: str | None
    text: str | None


def plan(start: Start | None, settings: Mapping[str, Any], file: str | Path | OwnData | None = None) -> Plan:
    """The experiment that a person asks for.

    Args:
        start: where the settings begin; None takes the preset `sine`, or with a file that for its kind.
        settings: by their flat names, such as `units`.
        file: data of one's own in place of those of the start.
    Raises:
        ValueError: a name or a value is not allowed; the file cannot be read, or is needed and missing.
    """
    if isinstance(start, OwnData):
        if file is not None:
            raise LabError("Data of one's own were given twice; leave out `file`.")
        start, file = None, start
    own = None if file is None else file if isinstance(file, OwnData) else _read(file)
    name = start if start is not None else PRESET_OF_KIND[own.kind if own else "sine"]
    base, known = (name, None) if isinstance(name, Experiment) else (preset(name).experiment, str(name))
    if own:
        settings = {**own.settings, **settings}
    check_names(settings)
    experiment = from_flat(settings, base)
    if own:
        return Plan(with_own_text(experiment, own.text), known, own.text)
    if experiment.data.needs_own_text:
        raise TextMissing(OWN_FILE[experiment.data.kind], "give it as file='story.txt' or file=rnnlab.own_text(...)")
    return Plan(experiment, known, None)


def _read(file: str | Path) -> OwnData:
    return OwnData("series" if is_series_file(file) else "text", read_own_text(file))


def check_names(settings: Mapping[str, Any], *others: str) -> None:
    """Refuse a name that is no setting; the error names the nearest one.

    Args:
        settings: by their names.
        others: what the function takes beside the settings.
    Raises:
        InvalidSetting: a name is unknown.
    """
    for name in settings:
        if name not in all_settings() and name != "data":
            nearest = nearest_setting(name, *(others or ("progress", "file")))
            advice = f"did you mean {nearest}?" if nearest else "docs/reference.md lists all settings, such as units."
            raise InvalidSetting(name, f"There is no setting called {shown(name)}; {advice}")
