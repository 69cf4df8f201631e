"""Command line of the tools; the Makefile's targets call it."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
from pathlib import Path

from tools.console import Fail


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tools", description=__doc__)
    subparsers = parser.add_subparsers(required=True)
    for path in sorted(Path(__file__).with_name("commands").glob("[!_]*.py")):
        module = importlib.import_module(f"tools.commands.{path.stem}")
        command = subparsers.add_parser(path.stem, help=module.__doc__.splitlines()[0])
        if arguments := getattr(module, "arguments", None):
            arguments(command)
        command.set_defaults(main=module.main)
    options = parser.parse_args()
    return options.main(options)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except Fail as failure:
        print(f"\n{failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        sys.exit(130)
