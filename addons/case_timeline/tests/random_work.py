"""Whatever people do, in whatever order: a base for tests."""

import random
from contextlib import suppress

from odoo.exceptions import UserError

SEEDS = range(3)
STEPS = 40
#: So many things are tried for each that can be done.
TRIES = 4


class NothingToDo(Exception):
    """There is no document yet that it could be done with."""


class RandomWork:
    """Whatever people do, in whatever order: it is told once, and adds up."""

    #: With whose documents they work.
    MODELS = ()

    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, type(self), "hours", 0)
        self._run()
        self.before = {}
        for model in self.MODELS:
            records = self.env[model].with_context(active_test=False)
            last = records.search([], order="id desc", limit=1)
            self.before[model] = last.id or 0

    def _check_random_work(self):
        wrong = []
        for seed in SEEDS:
            with suppress(NothingToDo), self.env.cr.savepoint():
                done = self._work(random.Random(seed))
                try:
                    self._check_whole()
                except AssertionError as error:
                    wrong.append(f"seed {seed}: {', '.join(done)}: {error}")
                raise NothingToDo  # the next one begins where this one did
        self.assertFalse(wrong, "\n".join(wrong))

    def _work(self, chance):
        """Do what people do; return what they did. Much of it cannot be done yet, or
        any more: then they do something else."""
        names = [name for name in dir(self) if name.startswith("_do_")]
        done = []
        self._pass_time(0)
        self._begin_work()
        for step in range(TRIES * STEPS):
            if len(done) == STEPS:
                break
            name = chance.choice(names)
            with suppress(UserError, NothingToDo), self.env.cr.savepoint():
                getattr(self, name)(chance)
                self.env.flush_all()
                done.append(name.removeprefix("_do_"))
                self._pass_time(step)
            if chance.random() < 0.1:
                self._run(batch=chance.choice((1, 3, None)))
        return done

    def _begin_work(self):
        """Have something to work with."""

    def _any(self, chance, model, *domain):
        found = self.env[model].search([*domain, ("id", ">", self.before[model])])
        if not found:
            raise NothingToDo
        return found.browse(chance.choice(found.ids))
