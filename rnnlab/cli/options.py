"""What may be typed: the options of the commands, and the sentences about those that are wrong."""

from __future__ import annotations

import argparse
import difflib
import re
from typing import Any, NoReturn

from rnnlab import config, presets
from rnnlab.cli.common import BAD_INPUT, printable
from rnnlab.config import InvalidSetting, Setting
from rnnlab.config.sampling import Sampling
from rnnlab.errors import LabError

SAMPLING = config.settings_of(Sampling)
"""How words are drawn: an option of `generate` for each row."""

EXPORTS = ("notebook", "script", "weights", "model", "csv", "pictures", "page", "tensorboard")
"""The keys of `rnnlab.take_away.WAYS`, which need not be loaded to answer --help."""

MOST_OF_A_MESSAGE = 200
"""Characters of a message of argparse."""


class _Once(argparse.Action):
    """Store the value of an option. A second value is refused, because nobody knows which one is meant."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        if not isinstance(values, str):  # `--name=--`: argparse takes the two hyphens for its own and leaves a list
            raise argparse.ArgumentError(self, "expected one argument")
        given: frozenset[str] = getattr(namespace, "given", frozenset())
        if self.dest in given:
            raise argparse.ArgumentError(self, "comes several times; please give it once")
        namespace.given = given | {self.dest}
        setattr(namespace, self.dest, values)


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence, without the page of usage."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.register("action", None, _Once)

    def error(self, message: str) -> NoReturn:
        """End the program with one sentence."""
        message = printable(message)
        if len(message) > MOST_OF_A_MESSAGE:  # argparse repeats what was typed, however long it is
            message = f"{message[: MOST_OF_A_MESSAGE // 2]} ... {message[-MOST_OF_A_MESSAGE // 2 :]}"
        self.exit(BAD_INPUT, f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.\n")


def add_settings(command: argparse.ArgumentParser) -> None:
    """The options of `train`: every setting, and what is trained how often."""
    command.add_argument(
        "--preset",
        help=f"the experiment that the other options change: {', '.join(presets.PRESETS)} (default "
        f"{presets.DEFAULT_PRESET}; with --file {presets.PRESET_OF_KIND['text']}, or for a series "
        f"{presets.PRESET_OF_KIND['series']})",
    )
    command.add_argument(
        "--file",
        metavar="FILE",
        help="train on this file of your own, in UTF-8: a text, which --tokens decides how to cut, or a series in a "
        ".csv or .tsv file, of which --column picks a column",
    )
    command.add_argument("--name", help="the run's name in the list of runs (default: the preset's name)")
    command.add_argument(
        "--seeds", default="1", help="train this many seeds, the setting seed and those that follow it (default 1)"
    )
    command.add_argument(
        "--try",
        dest="tried",
        action="append",
        default=[],
        metavar="SETTING=VALUES",
        help="train each of these values, such as cell=simple_rnn,lstm,gru; twice for a grid of two settings",
    )
    command.add_argument("--data", metavar="KIND", help=f"one of {', '.join(config.DATA_KINDS)}")
    for name, (row, kind) in config.all_settings().items():
        # argparse reads a percent sign in a help text as a format.
        about = f"{row.help} ({row.range_text(kind)}) {row.tf1_line}".strip().replace("%", "%%")
        command.add_argument(option(name), dest=name, metavar=kind.__name__.upper(), help=about)


def add_generation(command: argparse.ArgumentParser) -> None:
    """The options of `generate`."""
    command.add_argument("run", metavar="RUN", type=run_id)
    command.add_argument(
        "--prime", help="what the network reads first: words of a text, or the number of values of a wave (default 50)"
    )
    command.add_argument("--horizon", default="100", help="steps to generate (default 100)")
    for name, row, kind in SAMPLING:
        default = f"{getattr(Sampling(), name):g}"
        about = f"{row.help} ({row.range_text(kind)}; default {default})"
        command.add_argument(option(name), default=default, metavar=kind.__name__.upper(), help=about)
    command.add_argument(
        "--ban", metavar="WORDS", default="", help="words that are never drawn, with blanks between, such as '<unk> N'"
    )
    command.add_argument("--seed", default="0", help="seed of the random draws (default 0)")


def add_export(command: argparse.ArgumentParser) -> None:
    """The options of `export`."""
    command.add_argument("run", metavar="RUN", type=run_id)
    command.add_argument(
        "--as",
        dest="kind",
        default="all",
        choices=(*EXPORTS, "all"),
        help="what to write (default all)",
    )
    command.add_argument("--to", metavar="FOLDER", default=".", help="where to write it (default: this folder)")


def option(name: str) -> str:
    """The option of a setting, such as `--batch-size`."""
    return "--" + name.replace("_", "-")


def unknown_option(text: str) -> LabError:
    """The sentence about an option that there is not, with the nearest one that there is."""
    known = [option(name) for name in (*config.all_settings(), "data", "preset", "name", "file", "seeds", "try")]
    typed = text.split("=")[0]
    nearest = difflib.get_close_matches(typed, known, n=1)
    advice = f"did you mean {nearest[0]}?" if nearest else "see --help for all options."
    return LabError(f"There is no option {config.shown(typed)} here; {advice}")


def as_argument(text: str) -> str:
    """The argument; an old run's id that begins with a hyphen gets a blank, so that it is not read as an option."""
    is_id = re.fullmatch(r"-[\w-]{11}", text, re.ASCII) and text not in map(option, config.all_settings())
    return f" {text}" if is_id else text


def run_id(text: str) -> str:
    """An id without the blank that `as_argument` has put before it."""
    return text.strip()


def number(name: str, text: str) -> float:
    """The value of an option that is a number of at least 0. Raises `LabError`."""
    return checked(name, Setting(name, "", low=0), float, text, "a finite number of at least 0")


def whole(name: str, text: str, low: int = 0, high: int = 2**31 - 1) -> int:
    """The value of an option that is a whole number. Raises `LabError`."""
    return checked(name, Setting(name, "", low=low, high=high), int, text, f"a whole number from {low} to {high}")


def checked(name: str, row: Setting, kind: type, text: str, allowed: str) -> Any:
    """The value of an option that is not a setting, checked as a setting is."""
    try:
        return config.check(name, row, kind, text)
    except InvalidSetting as error:
        sentence = f"Option --{name} was {config.shown(text)}, but must be {allowed}; please change it."
        raise LabError(sentence) from error
