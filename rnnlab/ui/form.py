"""The settings while a person edits them: as typed, even when that is not allowed, and as a link.

No Streamlit here: the screens keep a `Form` in their session and draw it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rnnlab import config
from rnnlab.config import Experiment, InvalidSetting
from rnnlab.presets import DEFAULT_PRESET, PRESET_OF_KIND, PRESETS, preset


@dataclass
class Form:
    """Settings that start from a preset and may be changed to anything that can be typed.

    Attributes:
        preset: name of the preset that `link` compares with.
        values: every setting of the experiment by its flat name, `data` included; what was typed where it is not valid.
    """

    preset: str
    values: dict[str, Any]

    @classmethod
    def of_preset(cls, name: str) -> Form:
        """The settings of a preset. Raises `InvalidSetting` when there is none of that name."""
        return cls(name, config.to_flat(preset(name).experiment))

    @classmethod
    def of_experiment(cls, experiment: Experiment, preset_name: str | None) -> Form:
        """The settings that a run was trained with."""
        kind = "text" if experiment.is_text else "sine"
        start = preset_name if preset_name in PRESETS and _kind_of(preset_name) == kind else PRESET_OF_KIND[kind]
        return cls(start, config.to_flat(experiment))

    @property
    def kind(self) -> str:
        """`sine` or `text`."""
        return self.values["data"]

    @property
    def is_preset(self) -> bool:
        """Whether nothing was changed."""
        return self.values == config.to_flat(preset(self.preset).experiment)

    def set(self, name: str, value: Any) -> None:
        """Keep what was typed: as its declared type where it is allowed, else as it came."""
        try:
            self.values[name] = config.parse_setting(name, value)
        except InvalidSetting:
            self.values[name] = value

    def complaints(self, vocabulary_of: Callable[[Experiment], int | None] = lambda _: None) -> dict[str, str]:
        """One sentence for each setting that cannot be used, by its name.

        Settings that contradict each other count, and those that need too much memory.

        Args:
            vocabulary_of: gives the number of tokens of an experiment's text, where it is known.
        """
        found = {}
        for name, value in self.values.items():
            if name != "data":
                try:
                    config.parse_setting(name, value)
                except InvalidSetting as error:
                    found[name] = str(error)
        if not found:
            try:
                experiment = self.experiment()
                config.check_memory(experiment, vocabulary_of(experiment))
            except InvalidSetting as error:
                found[error.name] = str(error)
        return found

    def experiment(self) -> Experiment:
        """The settings as an experiment. Raises `InvalidSetting`."""
        return config.from_flat(self.values)

    def link(self) -> dict[str, str]:
        """The short form for an address: the preset and what differs from it. What is not valid is left out."""
        before = config.to_flat(preset(self.preset).experiment)
        changed = {n: _link_text(v) for n, v in self.values.items() if before.get(n) != v and self._is_valid(n, v)}
        return ({"preset": self.preset} if changed or self.preset != DEFAULT_PRESET else {}) | changed

    def _is_valid(self, name: str, value: Any) -> bool:
        try:
            return name == "data" or config.parse_setting(name, value) is not None
        except InvalidSetting:
            return False


def read_link(parameters: Mapping[str, str]) -> tuple[Form, list[str]]:
    """The settings that an address describes.

    Args:
        parameters: `preset` and any settings by their flat names.
    Returns:
        The form, and one sentence for each parameter that cannot be used; the preset's value stands in for it.
    """
    form, notes = _start(parameters)
    for name, text in parameters.items():
        if name in ("preset", "data"):
            continue
        try:
            value = config.parse_setting(name, text) if name in config.all_settings() else _refuse(name)
        except InvalidSetting as error:
            notes.append(f"{error} The link's other settings were kept.")
            continue
        if name in form.values:
            form.values[name] = value
    return form, notes


def _start(parameters: Mapping[str, str]) -> tuple[Form, list[str]]:
    notes = []
    kind = parameters.get("data")
    if kind is not None and kind not in PRESET_OF_KIND:
        notes.append(
            f"Data was {kind[:40]!r} in the link, but must be {' or '.join(PRESET_OF_KIND)}; please change it."
        )
        kind = None
    try:
        name = preset(parameters["preset"]).name if "preset" in parameters else PRESET_OF_KIND[kind or "sine"]
    except InvalidSetting as error:
        notes.append(f"{error} The link's other settings were kept.")
        name = PRESET_OF_KIND[kind or "sine"]
    return Form.of_preset(name if kind in (None, _kind_of(name)) else PRESET_OF_KIND[kind]), notes


def _refuse(name: str) -> Any:
    nearest = difflib.get_close_matches(name, config.all_settings(), n=1)
    advice = f"did you mean {nearest[0]}?" if nearest else "it was left out."
    raise InvalidSetting(name, f"The link names a setting {name[:40]!r}, which does not exist: {advice}")


def _kind_of(preset_name: str) -> str:
    return "text" if PRESETS[preset_name].experiment.is_text else "sine"


def _link_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
