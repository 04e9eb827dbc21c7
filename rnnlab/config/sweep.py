"""Experiments that differ in one or two settings and in their seed: the members of a group."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rnnlab.config.cells import CELL_KINDS
from rnnlab.config.corpora import CORPORA
from rnnlab.config.experiment import Experiment
from rnnlab.config.flat import all_settings, from_flat, parse_setting, to_flat
from rnnlab.config.relevance import why_unused
from rnnlab.config.table import InvalidSetting, shown

SEEDS = (1, 3, 5, 10)
"""Numbers of seeds that Train offers. Others can be asked for on the command line and in the library."""

MOST_SEEDS = 100

MOST_VARIED = 2
"""Settings that may vary at once, beside the seed: a picture of more than a grid is hard to read."""

MOST_VARIANTS = 12
"""Combinations of values: as many as there are colours that can be told apart."""

LABELS = {
    **{name: kind.label for name, kind in CELL_KINDS.items()},
    **{name: kind.label for name, kind in CORPORA.items()},
}
"""Values that stand for themselves: `LSTM` needs no word before it."""

Varied = Mapping[str, Sequence[Any]]
"""Values by the flat name of their setting. The values of one setting are all different."""


@dataclass(frozen=True)
class Sweep:
    """A grid of up to two settings, times seeds.

    Attributes:
        base: gives all settings that do not vary. Its seed is the first one, and the others follow it.
        varied: the values of each setting that varies, at least two; empty for seeds alone.
        seeds: how many seeds each combination gets.

    Raises:
        InvalidSetting: a value or a combination is not allowed, or would make two equal experiments.
    """

    base: Experiment
    varied: Varied
    seeds: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.seeds <= MOST_SEEDS:
            raise InvalidSetting(
                "seed", f"The number of seeds was {self.seeds}, but must be from 1 to {MOST_SEEDS}; please change it."
            )
        if len(self.varied) > MOST_VARIED:
            raise InvalidSetting(
                list(self.varied)[MOST_VARIED],
                f"{len(self.varied)} settings have several values, but at most {MOST_VARIED} may; leave some out.",
            )
        checked = {name: _checked_values(name, values) for name, values in self.varied.items()}
        if "seed" in checked and self.seeds > 1:
            raise InvalidSetting("seed", "Seeds are both listed and counted; please do one of the two.")
        object.__setattr__(self, "varied", checked)
        count = math.prod(map(len, checked.values()))
        if count > MOST_VARIANTS:
            raise InvalidSetting(
                next(iter(checked)),
                f"These values make {count} combinations, but at most {MOST_VARIANTS} are allowed; take fewer values.",
            )
        self._check_effects()

    @cached_property
    def experiments(self) -> list[Experiment]:
        """One for each member. Every combination has its first seed before any has its second."""
        return [from_flat({**values, "seed": seed}, self.base) for seed, values in self._grid()]

    @property
    def varies(self) -> dict[str, list[Any]]:
        """All values of everything that varies, the seed included: what a group keeps of it."""
        counted = {} if "seed" in self.varied else {"seed": [self.base.seed + i for i in range(self.seeds)]}
        return {name: list(values) for name, values in self.varied.items()} | counted

    def _grid(self) -> Iterable[tuple[int, dict[str, Any]]]:
        seeds = [self.base.seed + i for i in range(self.seeds)]
        for seed, values in itertools.product(seeds, combinations(self.varied)):
            yield values.get("seed", seed), values

    def _check_effects(self) -> None:
        """Refuse a setting that has no effect in some member: its values would make equal experiments."""
        for experiment in self.experiments:
            flat = to_flat(experiment)
            for name in self.varied:
                reason = why_unused(name, flat)
                if reason:
                    label = all_settings()[name][0].label
                    raise InvalidSetting(name, f"{label} has no effect in some of these runs. {reason} Leave it out.")


def parse_values(name: str, text: str) -> tuple[Any, ...]:
    """The values in a list as a person types it, such as `-2, 1, 5`.

    Args:
        name: flat name of the setting.
        text: the values with commas between them; with semicolons if one of them has a comma, as `64, 32; 32, 16`.
    Raises:
        InvalidSetting: there are fewer than two, one comes twice, or one is not allowed.
    """
    separator = ";" if ";" in text else ","
    return _checked_values(name, [part.strip() for part in text.split(separator) if part.strip()])


def combinations(varied: Varied) -> list[dict[str, Any]]:
    """Every combination of the values, the last setting changing first; one empty one if nothing varies."""
    return [dict(zip(varied, values, strict=True)) for values in itertools.product(*varied.values())]


def variants(varies: Varied) -> list[str]:
    """The words for each combination of the values, without the seed, in their order; one empty text if none varies."""
    return [what_differs(values) for values in combinations({n: v for n, v in varies.items() if n != "seed"})]


def variant_of(experiment: Experiment, varies: Varied) -> str:
    """Which of `variants` an experiment belongs to."""
    return what_differs(values_of(experiment, [name for name in varies if name != "seed"]))


def values_of(experiment: Experiment, names: Iterable[str]) -> dict[str, Any]:
    """The values of some settings of an experiment, by their flat names."""
    flat = to_flat(experiment)
    return {name: flat[name] for name in names}


def what_differs(values: Mapping[str, Any]) -> str:
    """Some settings in words, such as `LSTM, forget bias 4`."""
    return ", ".join(_value_words(name, value) for name, value in values.items())


def _value_words(name: str, value: Any) -> str:
    if value in LABELS:
        return LABELS[value]
    label = all_settings()[name][0].label.lower()
    if isinstance(value, bool):
        return f"{label} {'on' if value else 'off'}"
    if isinstance(value, str):
        return f"{label} {value.replace('_', ' ') or 'none'}"
    return f"{label} {value:.6g}" if isinstance(value, float) else f"{label} {value}"


def _checked_values(name: str, values: Sequence[Any]) -> tuple[Any, ...]:
    checked = tuple(parse_setting(name, value) for value in values)
    label = all_settings()[name][0].label
    if len(checked) < 2:
        listed = shown(checked[0]) if checked else "nothing"
        raise InvalidSetting(name, f"{label} ({name}) has {listed} to try, but needs at least two values; add some.")
    repeated = [value for i, value in enumerate(checked) if value in checked[:i]]
    if repeated:
        raise InvalidSetting(name, f"{label} ({name}) has {shown(repeated[0])} twice; please name each value once.")
    return checked
