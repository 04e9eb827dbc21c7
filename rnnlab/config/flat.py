"""An experiment as flat names and values: for a link, a form, a command line or a file."""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from rnnlab.config.data_settings import DATA_KINDS, MemoryData, sequence_length
from rnnlab.config.experiment import Experiment
from rnnlab.config.model_settings import ModelConfig
from rnnlab.config.relevance import why_unused
from rnnlab.config.table import InvalidSetting, Setting, check, settings_of, shown
from rnnlab.config.training_settings import TrainingConfig


@cache
def all_settings() -> dict[str, tuple[Setting, type]]:
    """Every setting by its flat name; the names are unique across all sections."""
    sections = (*DATA_KINDS.values(), ModelConfig, TrainingConfig, Experiment)
    return {name: (row, kind) for section in sections for name, row, kind in settings_of(section)}


def default_of(name: str) -> Any:
    """The declared default of one setting."""
    for section in (*DATA_KINDS.values(), ModelConfig, TrainingConfig, Experiment):
        for f in dataclasses.fields(section):
            if f.name == name:
                return f.default
    raise unknown_setting(name)


def unknown_setting(name: str) -> InvalidSetting:
    """The error for a name that is not in the table."""
    nearest = nearest_setting(name)
    advice = f"did you mean {nearest}?" if nearest else "rnnlab.config.all_settings() lists all of them, such as units."
    return InvalidSetting(name, f"There is no setting called {shown(name)}; {advice}")


def nearest_setting(name: Any, *others: str) -> str | None:
    """The setting whose name is most like an unknown name.

    Args:
        name: the unknown name.
        others: further names that are allowed beside the settings.
    Returns:
        None if no name is like it.
    """
    known = ["data", *all_settings(), *others]
    nearest = difflib.get_close_matches(name.lower(), known, n=1) if isinstance(name, str) else []
    return nearest[0] if nearest else None


def parse_setting(name: str, value: Any) -> Any:
    """Check one value by the flat name of its setting; see `check`."""
    if name not in all_settings():
        raise unknown_setting(name)
    row, kind = all_settings()[name]
    return check(name, row, kind, value)


def to_flat(experiment: Experiment) -> dict[str, Any]:
    """All settings under their flat names, and the kind of data as `data`: the content of a link and of a form."""
    kind = experiment.data.kind
    flat: dict[str, Any] = {"data": kind}
    for section in (experiment.data, experiment.model, experiment.training):
        flat.update(dataclasses.asdict(section))
    return flat | {"seed": experiment.seed}


def from_flat(flat: Mapping[str, Any], base: Experiment | None = None) -> Experiment:
    """An experiment from flat names.

    Args:
        flat: any subset of the names of `to_flat`; text is accepted for every type.
        base: gives the settings that `flat` does not name; None takes the defaults.
    Raises:
        InvalidSetting: an unknown name, a value that its row does not allow, a setting of another kind of data, which
            would have no effect, or one that these data decide otherwise.
    """
    experiment = from_form(flat, base)
    refused = overruled(flat, {"data": experiment.data.kind, **vars(experiment.data)})
    if refused:
        raise InvalidSetting(*next(iter(refused.items())))
    return experiment


def decided(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the data of these settings decide: for a memory task, that a window is one whole sequence.

    Args:
        values: at least those of the data by their flat names, which must be allowed.
    """
    if values["data"] != MemoryData.kind:
        return {}
    return {"num_steps": sequence_length(values["problem"], values["time_lag"]), "carry_state": False}


def overruled(chosen: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, str]:
    """A sentence for each chosen setting that the data of `values` decide otherwise, by its name."""
    found = {}
    for name, must in decided(values).items():
        if name in chosen and parse_setting(name, chosen[name]) != must:
            found[name] = (
                f"{all_settings()[name][0].label} ({name}) was {shown(chosen[name])}, but must be {str(must).lower()} "
                f"with these data; leave it out. {why_unused(name, values)}"
            )
    return found


def from_form(flat: Mapping[str, Any], base: Experiment | None = None) -> Experiment:
    """As `from_flat`; but what the data decide takes its place: a form still has it from the data chosen before."""
    base = base or Experiment()
    values = {name: parse_setting(name, value) for name, value in flat.items() if name != "data"}
    kind = parse_kind(flat.get("data", base.data.kind))
    for name in values:
        check_belongs(name, flat[name], kind)
    data = base.data if type(base.data) is DATA_KINDS[kind] else DATA_KINDS[kind]()
    return Experiment(
        data=_replace(data, values),
        model=_replace(base.model, values),
        training=_replace(base.training, values),
        seed=values.get("seed", base.seed),
    )


def parse_kind(kind: Any) -> str:
    """Check the kind of data, `data` in the flat form. Raises `InvalidSetting`."""
    if not isinstance(kind, str) or kind not in DATA_KINDS:
        raise InvalidSetting(
            "data", f"Data was {shown(kind)}, but must be one of {', '.join(DATA_KINDS)}; please change it."
        )
    return str(kind)


def check_belongs(name: str, value: Any, kind: str) -> None:
    """Refuse a setting of another kind of data, because it would be ignored.

    Raises:
        InvalidSetting: `name` is a setting of one kind of data, and not of `kind`.
    """
    homes = [other for other, section in DATA_KINDS.items() if name in {row[0] for row in settings_of(section)}]
    if homes and kind not in homes:
        label = all_settings()[name][0].label
        raise InvalidSetting(
            name,
            f"{label} ({name}) was {shown(value)}, but data {kind} has no such setting; leave it out, or take data "
            f"{homes[0]}.",
        )


def changes(experiment: Experiment, base: Experiment) -> dict[str, Any]:
    """The flat settings of `experiment` that differ from those of `base`: the short form for a link."""
    before = to_flat(base)
    return {name: value for name, value in to_flat(experiment).items() if before.get(name) != value}


def to_json(experiment: Experiment) -> str:
    """The experiment as one line of JSON with sorted keys, so that equal experiments are equal texts."""
    return json.dumps(to_flat(experiment), sort_keys=True)


def from_json(text: str) -> Experiment:
    """The experiment that `to_json` wrote.

    Raises:
        InvalidSetting: not a JSON object, or a setting that is not allowed.
    """
    try:
        flat = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidSetting("", f"The settings are not JSON ({error}); write them with rnnlab.to_json.") from error
    if not isinstance(flat, dict):
        raise InvalidSetting(
            "", "The settings are not a JSON object of names and values; write them with rnnlab.to_json."
        )
    return from_flat(flat)


def _replace(section: Any, values: Mapping[str, Any]) -> Any:
    names = {name for name, _, _ in settings_of(type(section))}
    return dataclasses.replace(section, **{name: value for name, value in values.items() if name in names})
