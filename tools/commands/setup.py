"""make setup: everything every other command needs."""

import argparse

from tools.setup import prepare


def main(options: argparse.Namespace) -> int:
    prepare(development=True, browser=True, printer=True)
    return 0
