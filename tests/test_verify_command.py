"""``odoo-bin approval_verify``: what an auditor runs, as a program of its own."""

import os
import subprocess
import sys

import pytest
from test_concurrency import BusyOffice

from office import copied_registry
from tools import places

COPY = f"{os.environ['CDO_TEST_DB']}_verify"


def verify(database=COPY):
    """Run the command; return its exit code, what it says and what it complains of."""
    addons = f"--addons-path={places.ADDONS}"
    command = [sys.executable, "-m", "odoo", addons, "approval_verify"]
    done = subprocess.run(
        [*command, "-c", os.environ["CDO_CONF"], "-d", database],
        cwd=places.ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def office():
    with copied_registry("verify") as registry:
        yield BusyOffice(registry)


def test_nothing_found_ends_with_zero(office):
    for _order in range(3):
        office.order()
    with office.session() as env:
        count = env["approval.process"].search_count([])
    code, said, complained = verify()
    assert (code, complained) == (0, "")
    assert f"{count} requests verified: nothing found" in said.splitlines()
    assert all(line.endswith("verified: nothing found") for line in said.splitlines())


def test_state_that_no_log_accounts_for_is_named(office):
    """A server action, SQL: whoever can do that leaves the chain of hashes whole."""
    order = office.order()
    with office.committed() as env:
        process = env["purchase.order"].browse(order).approval_process_id
        process._system_write({"state": "approved"})
        name = process.document_name
    try:
        code, said, complained = verify()
        assert (code, complained) == (1, "")
        assert (
            f"{name} (purchase.order,{order}), request {process.id}: the state is "
            "“Approved”, by the log it is “Waiting for approval”"
        ) in said.splitlines()
    finally:
        with office.committed() as env:
            env["approval.process"].browse(process.id)._system_write({"state": "open"})


def test_broken_logs_are_named_and_end_with_one(office):
    orders = [office.order(), office.order()]
    with office.committed() as env:
        broken = env["purchase.order"].browse(orders)
        processes = broken.approval_process_id
        env.cr.execute("ALTER TABLE approval_log DISABLE TRIGGER USER")
        env.cr.execute(
            "UPDATE approval_log SET comment = 'forged' WHERE process_id IN %s",
            [tuple(processes.ids)],
        )
        env.cr.execute("ALTER TABLE approval_log ENABLE TRIGGER USER")
        count = env["approval.process"].search_count([])
        expected = [
            f"{order.name} (purchase.order,{order.id}), request "
            f"{order.approval_process_id.id}: row 1 of the log was tampered with"
            for order in broken
        ]
    code, said, complained = verify()
    assert (code, complained) == (1, "")
    assert said.splitlines()[:3] == [
        *expected,
        f"{count} requests verified: 2 findings",
    ]


def test_what_cannot_be_verified_is_not_called_broken():
    code, said, complained = verify("cdo_no_such_database")
    assert (code, said) == (2, "")
    assert "cdo_no_such_database" in complained
    assert "Traceback" not in complained
