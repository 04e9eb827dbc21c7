"""The command line: `python -m rnnlab COMMAND`; `--help` lists the commands.

It uses the same store and the same workers as the app, so the app can open its runs.
"""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import io
import os
import re
import runpy
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from rnnlab import config, presets
from rnnlab.analyses.series import CompareSeries
from rnnlab.analyses.text import SampleText
from rnnlab.config import InvalidSetting, Setting
from rnnlab.config.sampling import Sampling
from rnnlab.config.sweep import MOST_SEEDS, parse_values
from rnnlab.errors import LabError, is_for_people, sentence_for
from rnnlab.files import write_whole
from rnnlab.measures import MEASURES, TRAIN_LOSS, VALID_LOSS

if TYPE_CHECKING:
    from rnnlab.lab import Lab
    from rnnlab.store.run import Run

FILE_SETTINGS: dict[str, dict[str, str | None]] = {
    "text": {"data": "text", "corpus": "upload", "upload": None},
    "series": {"data": "series", "series": None},
}
"""The settings that `--file` decides, by the kind of data. An option may only repeat the value; None allows no option
at all."""

SERIES_ENDINGS = (".csv", ".tsv")
"""Files that hold a series, unless --data or --preset says otherwise. All others hold a text."""

SAMPLING = config.settings_of(Sampling)
"""How words are drawn: an option of `generate` for each row."""

EXPORTS = ("notebook", "script", "weights", "model", "csv", "pictures", "page", "tensorboard")
"""The keys of `rnnlab.take_away.WAYS`, which need not be loaded to answer --help."""

FOLDERS = ("RNNLAB_HOME", "RNNLAB_PTB")
"""Variables that name a folder, which may be relative to the present one."""

FAILED, BAD_INPUT = 1, 2
MOST_OF_A_MESSAGE = 200
"""Characters of a message of argparse."""

INTERRUPTED = 130
"""The exit code of a program that Ctrl-C ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit code.

    Args:
        arguments: without the program's name; those of this process when it is None.
    """
    arguments = [_as_argument(text) for text in (sys.argv[1:] if arguments is None else arguments)]
    for stream in (sys.stdout, sys.stderr):
        # A name with letters that the console lacks must not break the whole list.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    parser = _parser()
    try:
        options, unknown = parser.parse_known_args(arguments)
        if unknown and options.command is not _app:
            raise _unknown_option(unknown[0])
        options.unknown = unknown
        return options.command(options)
    except BrokenPipeError:
        # Such as `python -m rnnlab runs | head`: the reader has closed the pipe.
        sys.stderr.close()
        return 0
    except Exception as error:
        print(sentence_for(error, _where()), file=sys.stderr)
        return BAD_INPUT if is_for_people(error) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def _where() -> str:
    """Where the lab's database is, for an error that does not name it."""
    from rnnlab.store.location import named_database

    return named_database()


def _as_argument(text: str) -> str:
    """The argument; an old run's id that begins with a hyphen gets a blank, so that it is not read as an option."""
    is_id = re.fullmatch(r"-[\w-]{11}", text, re.ASCII) and text not in map(_option, config.all_settings())
    return f" {text}" if is_id else text


def _run_id(text: str) -> str:
    return text.strip()


# --- commands --------------------------------------------------------------------------------------------------------


def _app(options: argparse.Namespace) -> int:
    if importlib.util.find_spec("streamlit") is None:
        raise LabError("The app needs Streamlit, which is not installed; run pip install 'rnnlab[app]'.")
    # Streamlit reads its settings from the folder that it is started in.
    os.environ.update({name: os.path.abspath(os.environ[name]) for name in FOLDERS if os.environ.get(name)})
    os.chdir(_app_folder())
    sys.argv = ["streamlit", "run", "app.py", *options.unknown]
    runpy.run_module("streamlit", run_name="__main__")
    return 0


def _app_folder() -> Path:
    """The folder of `app.py`: inside an installed package, or the folder that the package is developed in."""
    package = Path(__file__).parent
    for folder in (package / "app_files", package.parent):
        if (folder / "app.py").is_file() and (folder / "pages").is_dir():
            return folder
    raise LabError("The app's pages are missing from this installation; install the package again.")


def _train(options: argparse.Namespace) -> int:
    names = (*config.all_settings(), "data")
    chosen = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    kind = "sine"
    if options.file is not None:
        kind = _kind_of_file(options, chosen)
        _check_beside_file(chosen, kind)
        chosen["data"] = kind
    base = presets.preset(presets.PRESET_OF_KIND[kind] if options.preset is None else options.preset)
    experiment = config.from_flat(chosen, base.experiment)
    planned = _planned(options, experiment, kind)
    file_name = ""
    if options.file is None:
        lab = _open_lab()
    else:
        text, experiment = _own_text(options.file, experiment)
        lab = _open_lab()
        lab.files.keep_text(text)
        file_name = _file_name(options.file)
    if planned:
        planned = replace(planned, base=experiment)
        name = presets.group_name(planned, base.name, file_name) if options.name is None else options.name
        return _train_group(lab, planned, name, base.name)
    name = options.name
    if name is None and file_name:
        name = presets.run_name(experiment, base.name, file_name)
    return _follow(lab, _submit(lab, experiment, name, base.name))


def _planned(options: argparse.Namespace, experiment: config.Experiment, kind: str) -> config.Sweep | None:
    """What `--try` and `--seeds` ask for; None for a single run. `kind` is that of the data."""
    seeds = _whole("seeds", options.seeds, low=1, high=MOST_SEEDS)
    varied = {}
    for text in options.tried:
        name, _, values = text.partition("=")
        name = name.strip().replace("-", "_")
        if name in varied:
            raise LabError(f"Option --try names {config.shown(name)} twice; please give all of its values at once.")
        if options.file is not None and name in FILE_SETTINGS[kind]:
            raise LabError(f"Option --file names a {kind}, but --try varies {name}; leave one of the two out.")
        varied[name] = parse_values(name, values)
    return config.Sweep(experiment, varied, seeds) if varied or seeds > 1 else None


def _train_group(lab: Lab, planned: config.Sweep, name: str, preset: str) -> int:
    from rnnlab.data import TextMissing
    from rnnlab.watching.estimate import estimate

    try:
        group_id = lab.submit_group(planned, name=name, preset=preset)
    except TextMissing as error:
        raise TextMissing(error.setting, "name its file, such as --file story.txt") from error
    print(estimate(lab, planned).words)
    return _follow_group(lab, group_id)


def _follow_group(lab: Lab, group_id: str) -> int:
    from rnnlab.watching.group_line import follow_group, outcome_lines

    print(f"Group {group_id}: Ctrl-C stops its runs and keeps what was learned.")
    try:
        runs = follow_group(lab, group_id)
    except KeyboardInterrupt:
        lab.stop_group(group_id)
        follow_group(lab, group_id)
        print(f"\nStopped. Go on with: python -m rnnlab resume {group_id}")
        return INTERRUPTED
    for line in outcome_lines(lab.group(group_id), runs):
        print(_printable(line))
    failed = [run for run in runs if run.state == "failed"]
    for run in failed:
        print(f"Run {run.id} failed: {run.error}", file=sys.stderr)
    print(f"Open it: streamlit run app.py, /train?group={group_id}")
    return FAILED if failed else 0


def _kind_of_file(options: argparse.Namespace, chosen: dict[str, str]) -> str:
    """What `--file` holds: as `--data` says, or the preset, or the ending of the file's name."""
    if chosen.get("data") in FILE_SETTINGS:
        return chosen["data"]
    of_preset = presets.preset(options.preset).experiment.data.kind if options.preset is not None else ""
    of_file = "series" if options.file.lower().endswith(SERIES_ENDINGS) else "text"
    return of_preset if of_preset in FILE_SETTINGS else of_file


def _check_beside_file(chosen: dict[str, str], kind: str) -> None:
    for name, only in FILE_SETTINGS[kind].items():
        if chosen.get(name, only) != only:
            was = config.shown(chosen[name])
            raise LabError(f"Option --file names a {kind}, but --{name} was {was}; leave one of the two out.")


def _own_text(file: str, experiment: config.Experiment) -> tuple[str, config.Experiment]:
    """The text in a file, and the experiment with it. It is loaded once before anything is kept or queued."""
    from rnnlab.data import load_dataset, read_own_text, with_own_text

    text = read_own_text(file)
    experiment = with_own_text(experiment, text)
    dataset = load_dataset(experiment.data, experiment.seed, upload_text=text)
    if dataset.understood:
        print(_printable(dataset.understood))
    return text, experiment


def _file_name(file: str) -> str:
    """The file's name without its folder; bytes that are not UTF-8 become `?`."""
    return Path(file).name.encode("utf-8", "replace").decode()


def _submit(lab: Lab, experiment: config.Experiment, name: str | None, preset: str) -> str:
    from rnnlab.data import TextMissing

    try:
        return lab.submit(experiment, name=name, preset=preset)
    except TextMissing as error:
        raise TextMissing(error.setting, "name its file, such as --file story.txt") from error


def _resume(options: argparse.Namespace) -> int:
    from rnnlab.store.group import UnknownGroup

    lab = _open_lab()
    try:
        lab.resume_group(options.run)
    except UnknownGroup:
        lab.resume(options.run)
        return _follow(lab, options.run)
    return _follow_group(lab, options.run)


def _follow(lab: Lab, run_id: str) -> int:
    from rnnlab.watching.progress_line import follow

    print(f"Run {run_id}: Ctrl-C stops it and keeps what was learned.")
    try:
        run = follow(lab, run_id)
    except KeyboardInterrupt:
        lab.stop(run_id)
        run = follow(lab, run_id)
        print(f"\nStopped at step {run.step:,}. Go on with: python -m rnnlab resume {run_id}")
        return INTERRUPTED
    return _report(lab, run)


def _report(lab: Lab, run: Run) -> int:
    if run.state == "failed":
        print(f"Run {run.id} failed: {run.error}", file=sys.stderr)
        return 1
    if run.state != "finished":
        print(f"Run {run.id} is {run.state} at step {run.step:,}. Go on with: python -m rnnlab resume {run.id}")
        return 0
    curves = lab.curves(run.id).by_name
    losses = [f"{one.label.lower()} {run.measured[one.name].last:.4g}" for one in (TRAIN_LOSS, VALID_LOSS)]
    print(f"Finished {run.step:,} steps: {', '.join(losses)}")
    for measure in MEASURES.values():
        if measure.is_perplexity and measure.name in curves:
            print(f"{measure.label}: {', '.join(f'{value:.2f}' for value in curves[measure.name].values)}")
    if run.arithmetic:
        print(f"Arithmetic: {run.arithmetic.words}.")
    if run.experiment.task.can_generate:
        print(f"Let it generate: python -m rnnlab generate {run.id}")
    print("Open it: streamlit run app.py, page Runs")
    return 0


def _generate(options: argparse.Namespace) -> int:
    lab = _open_lab()
    run = lab.run(options.run)
    horizon = _whole("horizon", options.horizon, low=1, high=100_000)
    if not run.experiment.task.reads_tokens:
        prime = "50" if options.prime is None else options.prime
        return _generate_series(lab, run, _whole("prime", prime, low=1, high=100_000), horizon)
    from rnnlab.data.vocabulary import join

    written = lab.ask(run.id, _sample_question(options, horizon))
    words = [*written.prime_words, *written.samples[0].words]
    print(join(words, getattr(run.experiment.data, "tokens", "words")))
    return 0


def _sample_question(options: argparse.Namespace, horizon: int) -> SampleText:
    drawn = {
        name: _checked(_option(name).removeprefix("--"), row, kind, getattr(options, name), row.range_text(kind))
        for name, row, kind in SAMPLING
    }
    return SampleText(
        prime=options.prime or "",
        horizon=horizon,
        temperatures=(drawn["temperature"],),
        top_k=drawn["top_k"],
        top_p=drawn["top_p"],
        banned=tuple(options.ban.split()),
        seed=_whole("seed", options.seed),
    )


def _generate_series(lab: Lab, run: Run, prime: int, horizon: int) -> int:
    answer = lab.ask(run.id, CompareSeries(prime, horizon))
    # Of a series of one's own there may be fewer values than were asked for, and they may be of any size.
    number = ".8g" if run.experiment.data.needs_own_text else ".6f"
    print("time  target  free_running")
    for time, value in enumerate(answer.free_running, answer.prime):
        print(f"{time}  {answer.target[time]:{number}}  {value:{number}}")
    steps = len(answer.free_running)
    print(f"free-running RMSE {_error(answer.free_running_rmse)} over {steps} steps", file=sys.stderr)
    for naive in answer.naive:
        print(f"{naive.label}: RMSE {_error(naive.alone_rmse)}", file=sys.stderr)
    return 0


def _export(options: argparse.Namespace) -> int:
    from rnnlab.take_away import WAYS, take, take_name

    lab = _open_lab()
    run = lab.run(options.run)
    folder = Path(options.to)
    kinds = [*WAYS] if options.kind == "all" else [options.kind]
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        reason = WAYS[kind].why_not(run.experiment)
        if reason and options.kind == "all":
            print(reason)
            continue
        file = folder / take_name(run, kind)
        write_whole(file, take(lab, run.id, kind))
        print(_printable(f"{file}: {WAYS[kind].about}"))
    return 0


def _error(rmse: float) -> str:
    """An error to four decimals, or to four digits if it is that small or large."""
    return f"{rmse:.4f}" if 0.001 <= rmse < 1000 else f"{rmse:.4g}"


def _runs(_options: argparse.Namespace) -> int:
    lab = _open_lab()
    rows = [("RUN", "STATE", "STEP", "CREATED (UTC)", "ARITHMETIC", "NAME")]
    for run in lab.everybodys_runs():
        step = f"{run.step:,}/{run.total_steps:,}" if run.total_steps else f"{run.step:,}"
        arithmetic = run.arithmetic.short if run.arithmetic else ""
        rows.append((run.id, run.state, step, f"{run.created:%Y-%m-%d %H:%M}", arithmetic, _printable(run.name)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _printable(text: str) -> str:
    """The text without control characters, so that a terminal shows it and does not obey it."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def _rename(options: argparse.Namespace) -> int:
    _open_lab().rename(options.run, options.name)
    return 0


def _delete(options: argparse.Namespace) -> int:
    from rnnlab.store.group import UnknownGroup

    lab = _open_lab()
    try:
        lab.delete_group(options.run)
    except UnknownGroup:
        lab.delete(options.run)
    return 0


def _lessons(options: argparse.Namespace) -> int:
    from rnnlab.lessons.claims import claim, claim_lines
    from rnnlab.lessons.table import LESSONS

    if options.predictions:
        from rnnlab.store.predictions import as_csv

        print(as_csv(_open_lab().predictions()), end="")
        return 0
    if options.only is not None and options.only not in LESSONS:
        nearest = difflib.get_close_matches(options.only, LESSONS, n=1)
        advice = f"did you mean {nearest[0]}?" if nearest else f"there are {', '.join(LESSONS)}."
        raise LabError(f"There is no lesson {config.shown(options.only)}; {advice}")
    chosen = [lesson for lesson in LESSONS.values() if options.only in (None, lesson.id)]
    seeds = _whole("seeds", options.seeds, low=1, high=MOST_SEEDS)
    for lesson in chosen:
        if options.record:
            from rnnlab.lessons import recorded

            result = recorded.RecordedResult(claim(lesson, 0).seen, f"{datetime.now(UTC):%Y-%m-%d}")
            print(f"written: {recorded.write(lesson.id, result)}", flush=True)
            continue
        if not options.claims:
            print(f"{lesson.id}: {lesson.title} ({lesson.minutes} minutes). {lesson.texts['claim']}")
            continue
        for line in claim_lines(lesson, seeds):
            print(line, flush=True)
    return 0


def _engine(options: argparse.Namespace) -> int:
    from rnnlab.engine.engine import run_engine
    from rnnlab.store.location import Location

    workers = _whole("workers", options.workers, low=1, high=256)
    run_engine(Location.from_environment(), workers, _number("idle-seconds", options.idle_seconds))
    return 0


def _open_lab() -> Lab:
    # A late import, so that bad settings and --help are answered at once.
    from rnnlab.lab import Lab

    return Lab.open()


# --- what is allowed to be typed -------------------------------------------------------------------------------------


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


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence, without the page of usage."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.register("action", None, _Once)

    def error(self, message: str) -> NoReturn:
        message = _printable(message)
        if len(message) > MOST_OF_A_MESSAGE:  # argparse repeats what was typed, however long it is
            message = f"{message[: MOST_OF_A_MESSAGE // 2]} ... {message[-MOST_OF_A_MESSAGE // 2 :]}"
        self.exit(BAD_INPUT, f"{message[:1].upper()}{message[1:]}; see {self.prog} --help.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser("python -m rnnlab", description="See how recurrent networks learn.", allow_abbrev=False)
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)

    def add(name: str, function: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
        command.set_defaults(command=function)
        return command

    add("app", _app, "Open the app in a browser; further options are those of streamlit run.")
    _add_settings(add("train", _train, "Train a network and show its progress."))
    add("resume", _resume, "Continue a run or a group from its last checkpoints.").add_argument(
        "run", metavar="RUN", type=_run_id
    )
    _add_generation(add("generate", _generate, "Let a trained network run on its own."))
    _add_export(add("export", _export, "Take a run away: as code that runs, as files or as a page."))
    add("runs", _runs, "List all runs.")
    rename = add("rename", _rename, "Give a run another name.")
    rename.add_argument("run", metavar="RUN", type=_run_id)
    rename.add_argument("name", metavar="NAME")
    add("delete", _delete, "Delete a run or a group, with curves and weights.").add_argument(
        "run", metavar="RUN", type=_run_id
    )
    lessons = add("lessons", _lessons, "List the lessons, and hold them to what they assert.")
    lessons.add_argument("--claims", action="store_true", help="train each lesson's experiment and check its claim")
    lessons.add_argument("--only", metavar="ID", help="this lesson alone")
    lessons.add_argument("--seeds", default="10", help="seeds of each claim (default 10)")
    lessons.add_argument(
        "--record", action="store_true", help="train each lesson's experiment and keep the result with the program"
    )
    lessons.add_argument(
        "--predictions", action="store_true", help="print everybody's predictions as CSV instead of the lessons"
    )
    engine = add("engine", _engine, "Run the worker processes (started automatically).")
    engine.add_argument("--workers", default="2", help="worker processes (default 2)")
    engine.add_argument(
        "--idle-seconds", default="60", help="seconds without work after which the engine ends (default 60)"
    )
    return parser


def _add_settings(command: argparse.ArgumentParser) -> None:
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
        command.add_argument(_option(name), dest=name, metavar=kind.__name__.upper(), help=about)


def _add_generation(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", metavar="RUN", type=_run_id)
    command.add_argument(
        "--prime", help="what the network reads first: words of a text, or the number of values of a wave (default 50)"
    )
    command.add_argument("--horizon", default="100", help="steps to generate (default 100)")
    for name, row, kind in SAMPLING:
        default = f"{getattr(Sampling(), name):g}"
        about = f"{row.help} ({row.range_text(kind)}; default {default})"
        command.add_argument(_option(name), default=default, metavar=kind.__name__.upper(), help=about)
    command.add_argument(
        "--ban", metavar="WORDS", default="", help="words that are never drawn, with blanks between, such as '<unk> N'"
    )
    command.add_argument("--seed", default="0", help="seed of the random draws (default 0)")


def _add_export(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", metavar="RUN", type=_run_id)
    command.add_argument(
        "--as",
        dest="kind",
        default="all",
        choices=(*EXPORTS, "all"),
        help="what to write (default all)",
    )
    command.add_argument("--to", metavar="FOLDER", default=".", help="where to write it (default: this folder)")


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _unknown_option(text: str) -> LabError:
    known = [_option(name) for name in (*config.all_settings(), "data", "preset", "name", "file", "seeds", "try")]
    typed = text.split("=")[0]
    nearest = difflib.get_close_matches(typed, known, n=1)
    advice = f"did you mean {nearest[0]}?" if nearest else "see --help for all options."
    return LabError(f"There is no option {config.shown(typed)} here; {advice}")


def _number(name: str, text: str) -> float:
    return _checked(name, Setting(name, "", low=0), float, text, "a finite number of at least 0")


def _whole(name: str, text: str, low: int = 0, high: int = 2**31 - 1) -> int:
    return _checked(name, Setting(name, "", low=low, high=high), int, text, f"a whole number from {low} to {high}")


def _checked(name: str, row: Setting, kind: type, text: str, allowed: str) -> Any:
    """The value of an option that is not a setting, checked as a setting is."""
    try:
        return config.check(name, row, kind, text)
    except InvalidSetting as error:
        sentence = f"Option --{name} was {config.shown(text)}, but must be {allowed}; please change it."
        raise LabError(sentence) from error
