"""The settings while a person edits them: as typed, even when that is not allowed, and as a link.

No Streamlit here: the screens keep a `Form` in their session and draw it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
        kind = experiment.data.kind
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
        self.values[name] = read(name, value)

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
                config.check_limits(experiment, vocabulary_of(experiment))
            except InvalidSetting as error:
                found[error.name] = str(error)
        return found

    def experiment(self) -> Experiment:
        """The settings as an experiment. Raises `InvalidSetting`."""
        return config.from_form(self.values)

    def link(self) -> dict[str, str]:
        """The short form for an address: the preset and what differs from it. What is not valid is left out."""
        before = config.to_flat(preset(self.preset).experiment)
        given = {n: v for n, v in self.values.items() if not (n in config.WINDOW and config.why_unused(n, self.values))}
        changed = {n: _link_text(v) for n, v in given.items() if before.get(n) != v and self._is_valid(n, v)}
        return ({"preset": self.preset} if changed or self.preset != DEFAULT_PRESET else {}) | changed

    def _is_valid(self, name: str, value: Any) -> bool:
        try:
            return name == "data" or config.parse_setting(name, value) is not None
        except InvalidSetting:
            return False


def read(name: str, value: Any) -> Any:
    """What was typed for a setting, as its declared type where it is allowed, else as it came."""
    try:
        return config.parse_setting(name, value)
    except InvalidSetting:
        return value


def read_link(parameters: Mapping[str, str | Sequence[str]]) -> tuple[Form, list[str]]:
    """The settings that an address describes.

    Args:
        parameters: `preset` and any settings by their flat names, each with its text, or with all of its texts where it
            may come several times.
    Returns:
        The form, and one sentence for each parameter that cannot be used; the preset's value stands in for it.
    """
    single, notes = once(parameters)
    form = _start(single, notes)
    for name, text in single.items():
        if name not in STARTS:
            try:
                form.values[name] = _parse(form.kind, name, text)
            except InvalidSetting as error:
                notes.append(str(error))
    came = {name: form.values[name] for name in single if name in form.values}
    notes += config.overruled(came, form.values).values()
    form.values |= config.decided(form.values)
    return form, notes


STARTS = ("preset", "data")
"""Parameters of a link that decide where all settings start."""


def once(parameters: Mapping[str, str | Sequence[str]]) -> tuple[dict[str, str], list[str]]:
    """The one text of each parameter, and a sentence for each that comes with several: nobody knows which is meant."""
    single, notes = {}, []
    for name, value in parameters.items():
        texts = [value] if isinstance(value, str) else list(value)
        if len({*texts}) > 1 and (name in STARTS or name in config.all_settings()):
            notes.append(comes_often(_spelled(name), len(texts)))
        else:
            single[name] = texts[-1]
    return single, notes


def comes_often(name: str, times: int) -> str:
    """What is said of a parameter that a link gives several times with different texts."""
    return f"{name} comes {times} times in the link; please give it once."


def _spelled(name: str) -> str:
    return name.capitalize() if name in STARTS else f"{config.all_settings()[name][0].label} ({name})"


def _parse(kind: str, name: str, text: str) -> Any:
    if name not in config.all_settings():
        nearest = config.nearest_setting(name, *STARTS, "run", "group")
        advice = f"did you mean {nearest}?" if nearest else "it was left out."
        raise InvalidSetting(name, f"The link names a setting {config.shown(name)}, which does not exist: {advice}")
    value = config.parse_setting(name, text)
    config.check_belongs(name, text, kind)
    return value


def _start(parameters: Mapping[str, str], notes: list[str]) -> Form:
    """The settings of the link's preset and kind of data; a sentence is added for what cannot be used."""
    kind = name = None
    try:
        kind = config.parse_kind(parameters["data"]) if "data" in parameters else None
    except InvalidSetting as error:
        notes.append(str(error))
    try:
        name = preset(parameters["preset"]).name if "preset" in parameters else None
    except InvalidSetting as error:
        notes.append(str(error))
    stand_in = PRESET_OF_KIND[kind or "sine"]
    if name and kind and _kind_of(name) != kind:
        notes.append(
            f"Preset was {name!r} in the link, but data {kind} does not go with it; {stand_in} is taken instead."
        )
        name = None
    return Form.of_preset(name or stand_in)


def _kind_of(preset_name: str) -> str:
    return PRESETS[preset_name].experiment.data.kind


def _link_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
