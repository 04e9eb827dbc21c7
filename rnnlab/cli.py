"""The command line, thin slice."""

import argparse


def main(arguments=None) -> int:
    """Run a command."""
    parser = argparse.ArgumentParser("rnnlab")
    commands = parser.add_subparsers(dest="command", required=True)
    engine = commands.add_parser("engine")
    engine.add_argument("--workers", type=int, default=2)
    engine.add_argument("--idle-seconds", type=float, default=60)
    options = parser.parse_args(arguments)
    from rnnlab.runs.engine import run_engine
    from rnnlab.runs.place import Place

    run_engine(Place.from_environment(), options.workers, options.idle_seconds)
    return 0
