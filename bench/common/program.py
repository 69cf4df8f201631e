"""Run a benchmark as a program."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from tools.console import Fail


def run(main: Callable[[], int]) -> None:
    """Exit with what ``main`` returns, and tell failures plainly.

    Its databases are dropped also when it is told to stop.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except Fail as failure:
        print(f"\n{failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
