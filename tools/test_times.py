"""How long each file of tests takes, remembered from run to run of this checkout."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tools import places

RECORD = places.RUN / "test-times.json"
GUESSES = {"tour": 8.0, "properties": 30.0, "": 0.6}
"""Seconds for a test of a file never run here, by what its name contains."""


def estimates(tests: Mapping[str, int]) -> dict[str, float]:
    """Return the seconds each file will take, from its number of tests."""
    known = _known()
    return {
        file: count * (known.get(file) or _guess(file)) for file, count in tests.items()
    }


def remember(seconds: Mapping[str, float]) -> None:
    """Keep what a test of each file took on average; files that are gone, leave."""
    known = _known() | {file: round(each, 3) for file, each in seconds.items()}
    kept = {
        file: known[file] for file in sorted(known) if (places.ROOT / file).exists()
    }
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps(kept, indent=1))


def _known() -> dict[str, float]:
    try:
        return json.loads(RECORD.read_text())
    except (OSError, ValueError):
        return {}


def _guess(file: str) -> float:
    name = file.rpartition("/")[2]
    return next(guess for part, guess in GUESSES.items() if part in name)
