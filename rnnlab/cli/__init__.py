"""The command line: `python -m rnnlab COMMAND`; `--help` lists the commands.

It uses the same store and the same workers as the app, so the app can open its runs.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence

from rnnlab.cli import commands, training
from rnnlab.cli.common import BAD_INPUT, FAILED, INTERRUPTED
from rnnlab.cli.options import Parser, add_export, add_generation, add_settings, as_argument, run_id, unknown_option
from rnnlab.errors import is_for_people, sentence_for

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit code.

    Args:
        arguments: without the program's name; those of this process when it is None.
    """
    arguments = [as_argument(text) for text in (sys.argv[1:] if arguments is None else arguments)]
    for stream in (sys.stdout, sys.stderr):
        # A name with letters that the console lacks must not break the whole list.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    parser = _parser()
    try:
        options, unknown = parser.parse_known_args(arguments)
        if unknown and options.command is not commands.app:
            raise unknown_option(unknown[0])
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


def _parser() -> argparse.ArgumentParser:
    parser = Parser("python -m rnnlab", description="See how recurrent networks learn.", allow_abbrev=False)
    listed = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)

    def add(name: str, function: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        command = listed.add_parser(name, help=about, description=about, allow_abbrev=False)
        command.set_defaults(command=function)
        return command

    add("app", commands.app, "Open the app in a browser; further options are those of streamlit run.")
    add_settings(add("train", training.train, "Train a network and show its progress."))
    add("resume", training.resume, "Continue a run or a group from its last checkpoints.").add_argument(
        "run", metavar="RUN", type=run_id
    )
    add_generation(add("generate", commands.generate, "Let a trained network run on its own."))
    add_export(add("export", commands.export, "Take a run away: as code that runs, as files or as a page."))
    add("runs", commands.list_runs, "List all runs.")
    rename = add("rename", commands.rename, "Give a run another name.")
    rename.add_argument("run", metavar="RUN", type=run_id)
    rename.add_argument("name", metavar="NAME")
    add("delete", commands.delete, "Delete a run or a group, with curves and weights.").add_argument(
        "run", metavar="RUN", type=run_id
    )
    lessons = add("lessons", commands.lessons, "List the lessons, and hold them to what they assert.")
    lessons.add_argument("--claims", action="store_true", help="train each lesson's experiment and check its claim")
    lessons.add_argument("--only", metavar="ID", help="this lesson alone")
    lessons.add_argument("--seeds", default="10", help="seeds of each claim (default 10)")
    lessons.add_argument(
        "--record", action="store_true", help="train each lesson's experiment and keep the result with the program"
    )
    lessons.add_argument(
        "--predictions", action="store_true", help="print everybody's predictions as CSV instead of the lessons"
    )
    engine = add("engine", commands.engine, "Run the worker processes (started automatically).")
    engine.add_argument("--workers", default="2", help="worker processes (default 2)")
    engine.add_argument(
        "--idle-seconds", default="60", help="seconds without work after which the engine ends (default 60)"
    )
    return parser
