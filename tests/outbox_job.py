"""What jobs have in common that follow notes: how tests run and kill them."""

import pytest
from cron_worker import BATCH, working

from office import Office

#: When a worker is killed: what it has said by then.
MOMENTS = pytest.mark.parametrize(
    "words",
    [
        ["ready", "follow"],
        ["ready", "committed"],
        ["ready", "committed", "follow"],
        ["ready", "committed", "committed", "follow"],
    ],
    ids=["first batch", "first commit", "second batch", "third batch"],
)


class Following(Office):
    """An office with notes that a job follows."""

    #: Of ``cron_worker.JOBS``, the model with the notes, and the scheduled action.
    job = notes = cron = None

    def run(self):
        with self.session() as env:
            env.ref(self.cron).method_direct_trigger()

    def left(self):
        """Return how many notes there are, for everybody."""
        with self.session() as env:
            return env[self.notes].search_count([])

    def kill_and_run(self, words):
        """Kill a worker; what it has not committed is still to be done, and is done."""
        before = self.left()
        assert before > BATCH * words.count("committed")
        with working(self, self.job) as worker:
            worker.go_until(*words)
            worker.kill()
        self.until_gone(worker.program.pid)
        assert self.left() == before - BATCH * words.count("committed")
        self.run()
        assert not self.left()
