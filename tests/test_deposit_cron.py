"""The cron of deposits: killed anywhere, or run twice at once, it pays each once."""

import random
import threading
from contextlib import ExitStack

import psycopg2.errors
import pytest
from books import Books
from cron_worker import nursery, working

from office import copied_registry

MODEL = "supplier.deposit"


class Treasury(Books):
    """Deposits that are due before the delivery, which only the cron sees to."""

    def __init__(self, registry):
        super().__init__(registry)
        with self.committed() as env:
            self.deposit_rule(env)

    def due(self, number):
        """Confirm orders whose deposits are due now; return the ids of deposits."""
        with self.committed() as env:
            deposits = self.order_of_vendor(env, number=number).deposit_ids
            assert set(deposits.mapped("state")) == {"planned"}
            env.flush_all()
            env.cr.execute(
                "UPDATE supplier_deposit SET date_due = now() WHERE id IN %s",
                [tuple(deposits.ids)],
            )
        return deposits.ids

    def run(self):
        with self.session() as env:
            env.ref("supplier_deposit.ir_cron_due").method_direct_trigger()

    def paid(self, ids):
        """Return how many are paid, for everybody."""
        with self.session() as env:
            deposits = env[MODEL].browse(ids)
            return len(deposits.filtered(lambda deposit: deposit.state == "paid"))

    def check(self, ids):
        """Each deposit has one payment, and no payment is without a deposit."""
        with self.session() as env:
            deposits = env[MODEL].browse(ids)
            assert set(deposits.mapped("state")) == {"paid"}
            names = [f"Deposit {name}" for name in deposits.mapped("name")]
            payments = env["account.payment"].search([("memo", "in", names)])
            assert payments == deposits.payment_ids.sorted(payments._order)
            assert len(payments) == len(ids)
            assert set(payments.mapped("amount")) == {300}
            assert all(payments.mapped("move_id"))
            every = env["account.payment"].search_count([("memo", "like", "Deposit ")])
            assert every == env[MODEL].search_count([("payment_ids", "!=", False)])


@pytest.fixture(scope="module")
def treasury():
    with (
        copied_registry("deposit_cron") as registry,
        nursery(Treasury(registry)) as treasury,
    ):
        yield treasury


@pytest.mark.parametrize(
    "words",
    [
        ["ready", "pay", "pay"],
        ["ready", "committed"],
        ["ready", "committed", "pay", "pay", "pay"],
    ],
    ids=["first batch", "first commit", "second batch"],
)
def test_killed_worker_neither_loses_nor_repeats(treasury, words):
    ids = treasury.due(7)
    with working(treasury, "deposits") as worker:
        worker.go_until(*words)
        worker.kill()
    assert treasury.paid(ids) == 3 * words.count("committed")
    with working(treasury, "deposits") as worker:
        worker.go_until("ready")
        worker.finish()
    treasury.check(ids)


def test_workers_killed_at_random_one_after_the_other(treasury):
    ids = treasury.due(60)
    chance = random.Random(20261122)
    for _worker in range(4):
        with working(treasury, "deposits") as worker:
            worker.go_until("ready")
            for _word in range(chance.randrange(3, 20)):
                worker.go()
                worker.next()
            worker.kill()
    treasury.run()
    treasury.check(ids)


def test_two_workers_at_once_one_killed_and_replaced_again_and_again(treasury):
    """Both run past the scheduler's lock. One goes on to the end; of the other, one
    after the other is killed, wherever it is.

    The first waits after each batch, where it holds nothing, until the others have
    gone on, so that it does not do all by itself.
    """
    ids = treasury.due(200)
    chance = random.Random(20261123)
    turn, said = threading.Semaphore(0), []

    def go_on(worker):
        while word := worker.next():
            said.append(word)
            if word == "committed":
                turn.acquire()
            worker.go()

    with ExitStack() as stack:
        steady, *others = (
            stack.enter_context(working(treasury, "deposits", past_the_lock=True))
            for _number in range(5)
        )
        thread = threading.Thread(target=go_on, args=[steady])
        thread.start()
        for other in others:
            other.go_until("ready")
        for doomed in others[:-1]:
            doomed.go()
            for _word in range(chance.randrange(5, 30)):
                assert doomed.next()
                turn.release()
                doomed.go()
            doomed.kill()  # in the middle of whatever it was told to go on with
        turn.release(1000)
        others[-1].finish()
        thread.join(60)
        steady.check_ended()
    assert "committed" in said
    treasury.check(ids)


def test_two_workers_at_once_pay_once(treasury):
    """The second comes while the first is in the middle of a batch."""
    ids = treasury.due(12)
    with working(treasury, "deposits") as worker:
        worker.go_until("ready", "committed", "pay")
        with treasury.session() as env:
            env.cr.execute("SET LOCAL lock_timeout = '1s'")  # it waits for nobody
            # past the lock on the scheduled action: as if two servers ran it
            try:
                env[MODEL]._cron_due()
                env.cr.commit()
            except psycopg2.errors.LockNotAvailable:
                env.cr.rollback()  # the number of the next payment is taken
        worker.finish()
    treasury.run()
    treasury.check(ids)


def test_worker_whose_view_is_old_pays_nothing(treasury):
    """The second looked before the first committed, and goes on afterwards."""
    ids = treasury.due(2)
    with treasury.session() as old:
        treasury.run()
        assert not old[MODEL]._cron_due()  # it began again, with what is there now
    treasury.check(ids)


def test_two_confirmations_at_once_make_one_deposit(treasury):
    """Two people confirm the same order in the same moment: one is retried."""
    with treasury.committed() as env:
        order = treasury.order_of_vendor(env, confirm=False).id
    with treasury.session() as late:
        late["purchase.order"].browse(order).state  # noqa: B018  what it saw
        with treasury.committed() as env:
            env["purchase.order"].browse(order).button_confirm()
        with pytest.raises(psycopg2.errors.SerializationFailure):
            late["purchase.order"].browse(order).button_confirm()
            late.flush_all()
    with treasury.session() as env:
        assert len(env["purchase.order"].browse(order).deposit_ids) == 1
