"""make screenshots: take the pictures of the README from the demo company."""

from __future__ import annotations

import argparse

from tools.setup import prepare
from tools.shell import attached


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="", help="of one picture")


def main(options: argparse.Namespace) -> int:
    ready = prepare(development=True, browser=True)
    command = [ready.python, "-m", "tools.pictures"]
    return attached(command, env={"PICTURES": options.name})
