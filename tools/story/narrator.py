"""Tells each step on one line: when, how long it took, who, what."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime


@dataclass
class Step:
    who: str
    role: str
    what: str
    seconds: float = 0.0
    failed: str = ""

    def say(self, what: str) -> None:
        """Say it in other words, once it is known how it went."""
        self.what = what


class Narrator:
    def __init__(self, people: dict[str, tuple[str, str]]) -> None:
        """:param people: name and role by log-in"""
        self.people = people
        self.steps: list[Step] = []
        self.names = max(len(name) for name, _ in people.values())
        self.roles = max(len(role) for _, role in people.values())

    def begin(self) -> None:
        self._row("", "when", "took", "who", "role", "what")

    @contextmanager
    def step(self, login: str, what: str) -> Iterator[Step]:
        name, role = self.people[login]
        step = Step(name, role, what)
        when, start = datetime.now(), time.perf_counter()
        try:
            yield step
        except Exception as error:
            step.failed = str(error)
            raise
        finally:
            step.seconds = time.perf_counter() - start
            self.steps.append(step)
            self._tell(when, step)

    @property
    def seconds(self) -> float:
        return sum(step.seconds for step in self.steps)

    def _tell(self, when: datetime, step: Step) -> None:
        what = f"FAILED: {step.what}\n{step.failed}" if step.failed else step.what
        self._row(
            str(len(self.steps)),
            f"{when:%H:%M:%S}",
            f"{step.seconds * 1000:.0f} ms",
            step.who,
            step.role,
            what,
        )

    def _row(
        self, number: str, when: str, took: str, who: str, role: str, what: str
    ) -> None:
        start = f"{number:>3}  {when:<8}  {took:>8}  "
        start += f"{who:<{self.names}}  {role:<{self.roles}}  "
        first, *rest = what.splitlines()
        print(start + first, flush=True)
        for line in rest:
            print(" " * len(start) + line, flush=True)
